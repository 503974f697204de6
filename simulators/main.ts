import { Command, InvalidArgumentError } from 'commander';
import pc from 'picocolors';
import { startSimulators, type Simulators } from './index.ts';

/** Exit codes: 0 after a signal, 1 for a fault of the process, 2 for a command line that makes no sense. */
const EXIT_FAULT = 1;
const EXIT_USAGE = 2;

/** How often to look whether the parent still lives. */
const PARENT_CHECK_MS = 500;

interface Flags {
  readonly json: boolean;
  readonly port: number;
  readonly speed: number;
  readonly seed?: string;
  readonly data?: string;
}

const command = new Command('simulators')
  .description('Runs the simulated GPU-cluster providers until it is told to stop.')
  .option('--json', 'print one line of JSON with the addresses and keys, and nothing more', false)
  .option('--port <number>', 'port of the SageMaker simulator; 0 takes a free one', parsePort, 0)
  .option('--speed <factor>', 'how much faster than real clusters come and go', parseSpeed, 1)
  .option('--seed <text>', 'decides ids and durations')
  .option('--data <folder>', 'keep state and journals here')
  .allowExcessArguments(false)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : EXIT_USAGE))
  .action(run);

await command.parseAsync();

async function run(flags: Flags): Promise<void> {
  // Noted before anybody can know that we run: whoever reads our first line may end our parent at once.
  const parent = process.ppid;
  const simulators = await start(flags);
  if (flags.json) console.log(JSON.stringify(addresses(simulators)));
  else printReadable(simulators);
  const stop = (): void => {
    void simulators.close().finally(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  stopWithParent(parent, stop);
}

/**
 * A signal sent to `npm run` ends npm and its shell but does not reach this process, which would then hold its port
 * for ever. A process whose parent is already gone was detached on purpose.
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
  try {
    return await startSimulators({
      speed,
      ...(seed === undefined ? {} : { seed }),
      ...(data === undefined ? {} : { folder: data }),
      sagemaker: { port },
    });
  } catch (error) {
    console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(EXIT_FAULT);
  }
}

function addresses({ sagemaker: { url, region, accessKeyId, secretAccessKey } }: Simulators) {
  return { sagemaker: { url, region, accessKeyId, secretAccessKey } };
}

function printReadable({ sagemaker }: Simulators): void {
  console.log(`${pc.bold('SageMaker HyperPod')} is simulated at ${pc.cyan(sagemaker.url)}`);
  console.log(pc.dim('Control API: ') + `${sagemaker.url}/_control/`);
  console.log('\nFor any AWS client:');
  console.log(`  export AWS_ENDPOINT_URL_SAGEMAKER=${sagemaker.url}`);
  console.log(`  export AWS_REGION=${sagemaker.region} AWS_DEFAULT_REGION=${sagemaker.region}`);
  console.log(`  export AWS_ACCESS_KEY_ID=${sagemaker.accessKeyId}`);
  console.log(`  export AWS_SECRET_ACCESS_KEY=${sagemaker.secretAccessKey}`);
  console.log('\nCtrl-C stops it.');
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('It must be a whole number from 0 to 65535.');
}

function parseSpeed(text: string): number {
  const speed = Number(text);
  if (text.trim() !== '' && Number.isFinite(speed) && speed > 0) return speed;
  throw new InvalidArgumentError('It must be a number greater than 0.');
}
