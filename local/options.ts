import path from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { PROVIDER_NAMES, type ProviderName } from '../contracts/providers/registry.ts';
import { defaultDataFolder } from '../platform/stack-note.ts';

/** 12 minutes until a cluster is created pass in 6 seconds. */
const DEFAULT_SPEED = 120;

/** Options of `npm start`. */
export interface StartOptions {
  readonly once: boolean;
  readonly json: boolean;
  readonly reset: boolean;
  readonly speed: number;
  /** Absolute. */
  readonly dataDir: string;
  /** Real providers. Empty for the simulators. */
  readonly real: readonly ProviderName[];
}

interface Flags {
  readonly once: boolean;
  readonly json: boolean;
  readonly reset: boolean;
  readonly speed?: number;
  readonly data?: string;
  readonly real: ProviderName[];
}

/** Parses the command line. Ends the process after help or a usage error. */
export function readOptions(): StartOptions {
  const program = new Command('npm start --')
    .description('Starts Muster with everything it needs on this machine, and provisions the examples.')
    .option('--once', 'end after the examples; exit code 0 if all ended as expected', false)
    .option('--json', 'print one JSON document instead of a table; progress goes to standard error', false)
    .option('--reset', 'delete the data of earlier starts first', false)
    .option(
      '--speed <factor>',
      `how much faster than real the simulated providers' time runs (default: ${DEFAULT_SPEED})`,
      speedOf,
    )
    .option('--data <folder>', 'the folder for all data (default: .muster, or .muster-real with --real)')
    .option(
      '--real <providers>',
      `use real providers, comma-separated (${PROVIDER_NAMES.join(', ')}); no simulator and no example runs`,
      providersOf,
      [],
    )
    .allowExcessArguments(false)
    .showHelpAfterError('(add --help for usage)');
  program.parse();
  const { once, json, reset, speed, data, real } = program.opts<Flags>();
  const isReal = real.length > 0;
  if (isReal && speed !== undefined) program.error('error: --speed is for simulators: it does not go with --real');
  if (isReal && once) program.error('error: --once ends after the examples, but --real runs no examples');
  if (isReal && reset)
    program.error('error: --reset is for simulators: it does not delete the ledger of real clusters');
  const dataDir = path.resolve(data ?? `${defaultDataFolder()}${isReal ? '-real' : ''}`);
  return { once, json, reset, speed: isReal ? 1 : (speed ?? DEFAULT_SPEED), dataDir, real };
}

function speedOf(text: string): number {
  const speed = Number(text);
  if (!(speed >= 1 && speed <= 10_000)) throw new InvalidArgumentError('It must be a number from 1 to 10000.');
  return speed;
}

function providersOf(text: string): ProviderName[] {
  const names = text.split(',').map((name) => name.trim());
  const known: readonly string[] = PROVIDER_NAMES;
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new InvalidArgumentError(`"${unknown.join(', ')}" is not among ${known.join(', ')}.`);
  return PROVIDER_NAMES.filter((name) => names.includes(name));
}
