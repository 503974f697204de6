const SHOWN_FIRST_LINES = 20;
const SHOWN_LAST_LINES = 30;

/** A server ended early or never became ready. The message holds what it wrote, shortened. */
export class ChildFailedError extends Error {
  override readonly name = 'ChildFailedError';
  /** All it wrote: the reason of an end may stand before a long stack trace. */
  readonly output: string;

  constructor(reason: string, logFile: string, output: string) {
    super(`${reason}. Its output (${logFile}):\n${shortened(output) || '(none)'}`);
    this.output = output;
  }
}

/** Whether a server ended because somebody took a port between its choice and its use: another one may do. */
export const hasLostPort = (error: unknown): error is ChildFailedError =>
  error instanceof ChildFailedError && /address already in use/i.test(error.output);

/** The first and the last lines of a long output: a program says its reason first or last, its stack trace between. */
function shortened(output: string): string {
  const lines = output.split('\n');
  const left = lines.length - SHOWN_FIRST_LINES - SHOWN_LAST_LINES;
  if (left <= 0) return output;
  return [...lines.slice(0, SHOWN_FIRST_LINES), `... ${left} more lines ...`, ...lines.slice(-SHOWN_LAST_LINES)].join(
    '\n',
  );
}
