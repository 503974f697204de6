#!/usr/bin/env node
import { Command, InvalidArgumentError } from 'commander';
import pc from 'picocolors';
import {
  SIMULATOR_NAMES,
  startSimulators,
  type SimulatorAccess,
  type Simulators,
  type SimulatorsOptions,
} from './index.ts';
import { SIMULATORS } from './registry.ts';

/** Exit codes: 0 after a signal, 1 when the simulators cannot start, 2 for a wrong command line. */
const EXIT_FAULT = 1;
const EXIT_USAGE = 2;

/** How often to check that the parent process still runs. */
const PARENT_CHECK_MS = 500;

/** The highest port at which the first simulator leaves ports for the others. */
const LAST_FIRST_PORT = 65_535 - (SIMULATOR_NAMES.length - 1);

interface Flags {
  readonly json: boolean;
  readonly port: number;
  readonly speed: number;
  readonly seed?: string;
  readonly data?: string;
}

const command = new Command('simulators')
  .description('Runs the simulated GPU-cluster providers until it gets a signal.')
  .option('--json', 'print only one line of JSON: each provider with its address and keys', false)
  .option(
    '--port <number>',
    'port of the first simulator; the others take the ports after it; 0 takes free ports',
    parsePort,
    0,
  )
  .option('--speed <factor>', 'how much faster than real the simulated time runs', parseSpeed, 1)
  .option('--seed <text>', 'the same seed and the same calls give the same ids and durations')
  .option('--data <folder>', 'keep state and journals here')
  .allowExcessArguments(false)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : EXIT_USAGE))
  .action(run);

await command.parseAsync();

async function run(flags: Flags): Promise<void> {
  const parent = process.ppid;
  const simulators = await start(flags);
  const stop = (): void => {
    void simulators.close().finally(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  stopWithParent(parent, stop);
  // Last, because a reader of the first line may end this process or its parent at once.
  if (flags.json) console.log(JSON.stringify(accessByName(simulators)));
  else printReadable(simulators);
}

/**
 * Stops when the parent process ends. A signal to `npm run` ends npm and its shell but does not reach this process,
 * which would then keep its ports. A process that starts without a parent was detached on purpose and goes on.
 */
function stopWithParent(parent: number, stop: () => void): void {
  if (parent <= 1) return;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, PARENT_CHECK_MS);
  timer.unref();
}

async function start({ speed, seed, data, port }: Flags): Promise<Simulators> {
  const ports = SIMULATOR_NAMES.map((name, index) => [name, { port: port === 0 ? 0 : port + index }]);
  try {
    return await startSimulators({
      speed,
      ...(seed === undefined ? {} : { seed }),
      ...(data === undefined ? {} : { folder: data }),
      ...(Object.fromEntries(ports) as SimulatorsOptions),
    });
  } catch (error) {
    console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(EXIT_FAULT);
  }
}

function accessByName(simulators: Simulators): Record<string, SimulatorAccess> {
  return Object.fromEntries(SIMULATOR_NAMES.map((name) => [name, simulators.access(name)]));
}

function printReadable(simulators: Simulators): void {
  for (const name of SIMULATOR_NAMES) {
    const { title, clients } = SIMULATORS[name];
    const { url, environment } = simulators[name];
    console.log(`${pc.bold(title)} is simulated at ${pc.cyan(url)}`);
    console.log(`${pc.dim('Control API:')} ${url}/_control/`);
    console.log(`For ${clients}:`);
    for (const [variable, value] of Object.entries(environment)) console.log(`  export ${variable}=${value}`);
    console.log('');
  }
  console.log('Ctrl-C stops them.');
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= LAST_FIRST_PORT) return port;
  throw new InvalidArgumentError(`It must be a whole number from 0 to ${LAST_FIRST_PORT}.`);
}

function parseSpeed(text: string): number {
  const speed = Number(text);
  if (text.trim() !== '' && Number.isFinite(speed) && speed > 0) return speed;
  throw new InvalidArgumentError('It must be a number greater than 0.');
}
