import { Command, InvalidArgumentError } from 'commander';

/** What the benchmark was asked. */
export interface Options {
  readonly requests: number;
  /** How long to measure while all wait. */
  readonly minutes: number;
  /** How much faster than real the provider's time runs. */
  readonly speed: number;
  readonly json: boolean;
}

/** Reads the command line; ends the process with help or a usage error where that is due. */
export function readOptions(): Options {
  const program = new Command('npm run bench:waiting --')
    .description('Has many requests wait at once, and measures what that costs this machine and the provider.')
    .option('--requests <number>', 'how many wait at once', atLeastOne, 2_000)
    .option('--minutes <number>', 'how long to measure while all wait', positive, 3)
    .option('--speed <factor>', "how much faster than real the provider's time runs", atLeastOne, 1)
    .option('--json', 'print one JSON document instead of tables; progress goes to standard error', false)
    .allowExcessArguments(false)
    .showHelpAfterError('(add --help for usage)');
  program.parse();
  return program.opts<Options>();
}

function positive(text: string): number {
  const number = Number(text);
  if (number > 0 && Number.isFinite(number)) return number;
  throw new InvalidArgumentError('It must be a number greater than 0.');
}

function atLeastOne(text: string): number {
  const number = Number(text);
  if (number >= 1 && Number.isInteger(number)) return number;
  throw new InvalidArgumentError('It must be a whole number from 1.');
}
