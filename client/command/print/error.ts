import pc from 'picocolors';
import { ConfigError } from '../../../platform/config.ts';
import { MusterError } from '../../errors.ts';

/** How an error is printed. */
export interface ErrorStyle {
  readonly json: boolean;
  /** With the stack. */
  readonly debug: boolean;
}

/** Colours of standard error, which may be a file while standard output is a terminal. */
const colours = (): ReturnType<typeof pc.createColors> => pc.createColors(pc.isColorSupported && process.stderr.isTTY);

/** Of an error that is not the library's. */
function hintOf(error: unknown, debug: boolean): string | null {
  if (error instanceof ConfigError) return 'Mend that variable in the environment, or unset it.';
  return debug ? null : 'Nobody foresaw this. Give --debug to see where it comes from.';
}

/** An error on standard error, with what to do next; as one JSON document where that was asked for. */
export function printError(error: unknown, { json, debug }: ErrorStyle): void {
  const told = error instanceof Error ? error : new Error(String(error));
  const known = error instanceof MusterError ? error : undefined;
  const hint = known?.hint ?? hintOf(error, debug);
  const stack = debug ? told.stack : undefined;
  if (json) {
    const { name, message } = told;
    const faults = known !== undefined && 'faults' in known ? { faults: known.faults } : {};
    const fields = { error: name, message, hint, next: known?.next ?? null, ...faults, ...(stack && { stack }) };
    console.error(JSON.stringify(fields, null, 2));
    return;
  }
  const { red, dim, cyan } = colours();
  const lines = [`${red('error')}: ${told.message}`];
  if (hint !== null) lines.push(dim(hint));
  if (known?.next != null) lines.push(`next: ${cyan(known.next)}`);
  if (stack !== undefined) lines.push(dim(stack));
  console.error(lines.join('\n'));
}
