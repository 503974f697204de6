import type { Command, CommanderError } from 'commander';
import { MusterError } from '../errors.ts';

/** The command line is not one that the command takes. */
export class UsageError extends MusterError {
  override readonly name = 'UsageError';

  constructor(message: string, hint: string, next: string) {
    super('invalid', message, hint, { next });
  }
}

/** The words that call a command, such as `muster budget set`. */
const callOf = (command: Command): string =>
  command.parent ? `${callOf(command.parent)} ${command.name()}` : command.name();

/** What commander found wrong, as an error of ours; commander's own text begins with "error: " and may suggest. */
export function asUsageError(command: Command, { message }: CommanderError): UsageError {
  const call = callOf(command);
  const [what = '', suggestion = ''] = message.replace(/^error: /, '').split('\n');
  const meant = /^\(Did you mean (.*)\?\)$/.exec(suggestion)?.[1];
  return new UsageError(
    what,
    meant === undefined ? `See how ${call} is used.` : `Did you mean ${meant}?`,
    `${call} --help`,
  );
}
