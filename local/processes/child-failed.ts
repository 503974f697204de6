const SHOWN_FIRST_LINES = 20;
const SHOWN_LAST_LINES = 30;

/** A child process ended early or did not become ready in time. The message holds its output, shortened. */
export class ChildFailedError extends Error {
  override readonly name = 'ChildFailedError';
  /** The whole output: the reason may precede a long stack trace, which the message cuts. */
  readonly output: string;

  constructor(reason: string, logFile: string, output: string) {
    super(`${reason}. Its output (${logFile}):\n${shortened(output) || '(none)'}`);
    this.output = output;
  }
}

/** Whether a server ended because another program took its port after we chose it. A start on another port may succeed. */
export const hasLostPort = (error: unknown): error is ChildFailedError =>
  error instanceof ChildFailedError && /address already in use/i.test(error.output);

/** The first and the last lines of a long output: a program prints its reason first or last, with a stack trace between. */
function shortened(output: string): string {
  const lines = output.split('\n');
  const left = lines.length - SHOWN_FIRST_LINES - SHOWN_LAST_LINES;
  if (left <= 0) return output;
  return [...lines.slice(0, SHOWN_FIRST_LINES), `... ${left} more lines ...`, ...lines.slice(-SHOWN_LAST_LINES)].join(
    '\n',
  );
}
