import pc from 'picocolors';
import { ConfigError } from '../../../platform/config.ts';
import { MusterError } from '../../errors.ts';

/** How an error is printed. */
export interface ErrorStyle {
  readonly json: boolean;
  /** Whether the stack is printed. */
  readonly debug: boolean;
}

/** Colours for standard error, which may be a file while standard output is a terminal. */
const colours = (): ReturnType<typeof pc.createColors> => pc.createColors(pc.isColorSupported && process.stderr.isTTY);

/** The hint for an error that is not from this library. */
function hintOf(error: unknown, debug: boolean): string | null {
  if (error instanceof ConfigError) return 'Fix that environment variable, or unset it.';
  return debug ? null : 'This error is unexpected. Use --debug to see where it comes from.';
}

/** Prints an error and what to do next on standard error, as text or as one JSON document. */
export function printError(error: unknown, { json, debug }: ErrorStyle): void {
  const shown = error instanceof Error ? error : new Error(String(error));
  const known = error instanceof MusterError ? error : undefined;
  const hint = known?.hint ?? hintOf(error, debug);
  const stack = debug ? shown.stack : undefined;
  if (json) {
    const { name, message } = shown;
    const faults = known !== undefined && 'faults' in known ? { faults: known.faults } : {};
    const fields = { error: name, message, hint, next: known?.next ?? null, ...faults, ...(stack && { stack }) };
    console.error(JSON.stringify(fields, null, 2));
    return;
  }
  const { red, dim, cyan } = colours();
  const lines = [`${red('error')}: ${shown.message}`];
  if (hint !== null) lines.push(dim(hint));
  if (known?.next != null) lines.push(`next: ${cyan(known.next)}`);
  if (stack !== undefined) lines.push(dim(stack));
  console.error(lines.join('\n'));
}
