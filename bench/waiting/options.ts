import { Command, InvalidArgumentError } from 'commander';

/** Options of the benchmark. */
export interface Options {
  readonly requests: number;
  /** How long to measure while all requests wait. */
  readonly minutes: number;
  /** How much faster than real time the provider runs. */
  readonly speed: number;
  readonly json: boolean;
}

/** Parses the command line. Ends the process after help or a usage error. */
export function readOptions(): Options {
  const program = new Command('npm run bench:waiting --')
    .description('Measures what many waiting requests cost this machine and the provider.')
    .option('--requests <number>', 'how many requests wait at once', atLeastOne, 2_000)
    .option('--minutes <number>', 'how long to measure while all wait', positive, 3)
    .option('--speed <factor>', 'how much faster than real time the provider runs', atLeastOne, 1)
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
