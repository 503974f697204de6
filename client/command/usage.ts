import type { Command, CommanderError } from 'commander';
import { MusterError } from '../errors.ts';

/** The command line is wrong. */
export class UsageError extends MusterError {
  override readonly name = 'UsageError';

  constructor(message: string, hint: string, next: string) {
    super('invalid', message, hint, { next });
  }
}

/** A command with its parents, such as `muster budget set`. */
const commandPath = (command: Command): string =>
  command.parent ? `${commandPath(command.parent)} ${command.name()}` : command.name();

/** Commander's error as an error of this library. Commander's text begins with "error: " and may end with a suggestion. */
export function asUsageError(command: Command, { message }: CommanderError): UsageError {
  const path = commandPath(command);
  const [what = '', suggestion = ''] = message.replace(/^error: /, '').split('\n');
  const meant = /^\(Did you mean (.*)\?\)$/.exec(suggestion)?.[1];
  return new UsageError(
    what,
    meant === undefined ? `See the help of ${path}.` : `Did you mean ${meant}?`,
    `${path} --help`,
  );
}
