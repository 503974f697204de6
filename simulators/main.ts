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
  .option(
    '--port <number>',
    'port of the first simulator, the others take those after it; 0 takes free ones',
    parsePort,
    0,
  )
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
      'alibaba-ecs': { port: after(port, 1) },
      tensorpool: { port: after(port, 2) },
    });
  } catch (error) {
    console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(EXIT_FAULT);
  }
}

/** 0 stands for any. */
function after(port: number, places: number): number {
  return port === 0 ? 0 : port + places;
}

function addresses({ sagemaker, 'alibaba-ecs': alibabaEcs, tensorpool }: Simulators) {
  return {
    sagemaker: {
      url: sagemaker.url,
      region: sagemaker.region,
      accessKeyId: sagemaker.accessKeyId,
      secretAccessKey: sagemaker.secretAccessKey,
    },
    'alibaba-ecs': {
      url: alibabaEcs.url,
      region: alibabaEcs.region,
      accessKeyId: alibabaEcs.accessKeyId,
      accessKeySecret: alibabaEcs.accessKeySecret,
    },
    tensorpool: { url: tensorpool.url, apiKey: tensorpool.apiKey },
  };
}

function printReadable({ sagemaker, 'alibaba-ecs': alibabaEcs, tensorpool }: Simulators): void {
  const section = (name: string, url: string, forWhom: string, lines: readonly string[]): void => {
    console.log(`${pc.bold(name)} is simulated at ${pc.cyan(url)}`);
    console.log(`${pc.dim('Control API:')} ${url}/_control/`);
    console.log(`${forWhom}\n${lines.map((line) => `  export ${line}`).join('\n')}\n`);
  };
  section('SageMaker HyperPod', sagemaker.url, 'For any AWS client:', [
    `AWS_ENDPOINT_URL_SAGEMAKER=${sagemaker.url}`,
    `AWS_REGION=${sagemaker.region} AWS_DEFAULT_REGION=${sagemaker.region}`,
    `AWS_ACCESS_KEY_ID=${sagemaker.accessKeyId}`,
    `AWS_SECRET_ACCESS_KEY=${sagemaker.secretAccessKey}`,
  ]);
  section(
    'Alibaba Cloud ECS',
    alibabaEcs.url,
    'For any Alibaba Cloud client, which is told the endpoint in its code:',
    [
      `ALIBABA_CLOUD_ACCESS_KEY_ID=${alibabaEcs.accessKeyId}`,
      `ALIBABA_CLOUD_ACCESS_KEY_SECRET=${alibabaEcs.accessKeySecret}`,
    ],
  );
  section('TensorPool', tensorpool.url, "For TensorPool's own client:", [
    `TENSORPOOL_ENGINE=${tensorpool.url}`,
    `TENSORPOOL_KEY=${tensorpool.apiKey}`,
  ]);
  console.log('Ctrl-C stops them.');
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_533) return port;
  throw new InvalidArgumentError('It must be a whole number from 0 to 65533.');
}

function parseSpeed(text: string): number {
  const speed = Number(text);
  if (text.trim() !== '' && Number.isFinite(speed) && speed > 0) return speed;
  throw new InvalidArgumentError('It must be a number greater than 0.');
}
