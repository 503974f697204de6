import path from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import pc from 'picocolors';
import { createMuster } from '../client/muster.ts';
import { cacheFolder, childEnvironment, muteSdkNotice, readConfig } from '../platform/config.ts';
import { connectClient } from '../platform/connection.ts';
import { projectRoot } from '../platform/project-root.ts';
import { EXAMPLE_BUDGET, nextStart, OUT_OF_CAPACITY, runExamples } from './examples.ts';
import { releaseLeases } from './leases.ts';
import { resultTable } from './report.ts';
import { startStack, type Stack } from './stack.ts';

/** 12 minutes of a cluster's creation pass in 6 seconds. */
const DEFAULT_SPEED = 120;

const speedOf = (text: string): number => {
  const speed = Number(text);
  if (!(speed >= 1 && speed <= 10_000)) throw new InvalidArgumentError('It must be a number from 1 to 10000.');
  return speed;
};

const program = new Command('npm start --')
  .description('Brings up Muster with everything it needs on this machine, and provisions the examples.')
  .option('--once', 'end after the examples; exit code 0 if all ended as expected', false)
  .option('--json', 'print one JSON document instead of a table (with --once)', false)
  .option('--speed <factor>', "how much faster than real the simulated providers' time runs", speedOf, DEFAULT_SPEED)
  .option('--data <folder>', 'where everything is kept', path.join(projectRoot(), '.muster'))
  .showHelpAfterError('(add --help for usage)');
program.parse();
const flags = program.opts<{ once: boolean; json: boolean; speed: number; data: string }>();

const say = (text: string): void => {
  if (!flags.json) console.log(text);
};

/** Resolves when somebody wants an end. */
const interrupted = new Promise<'interrupted'>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      resolve('interrupted');
    });
  }
});

async function bringUp(): Promise<Stack> {
  const config = readConfig();
  return startStack({
    dataDir: path.resolve(flags.data),
    speed: flags.speed,
    temporal: {
      address: config.TEMPORAL_ADDRESS,
      cliPath: config.TEMPORAL_CLI_PATH,
      path: config.PATH,
      cacheDir: cacheFolder(config),
      childEnv: childEnvironment(),
      port: 7233,
      uiPort: 8233,
    },
    onProgress: (text) => {
      say(pc.dim(text));
    },
  });
}

/** Provisions the examples. Whether all ended as they should. */
async function provision(stack: Stack): Promise<boolean> {
  const client = await connectClient({ address: stack.temporal.address, namespace: stack.temporal.namespace });
  try {
    const muster = createMuster(client);
    const released = await releaseLeases(client, 'local');
    if (released > 0) say(pc.dim(`releasing ${released} cluster(s) of earlier starts`));
    await stack.simulators.sagemaker.control.setCapacity(OUT_OF_CAPACITY);
    await muster.setBudget(EXAMPLE_BUDGET.team, 'total', EXAMPLE_BUDGET.limitMicros, { who: 'local' });
    const start = nextStart(path.resolve(flags.data));
    say(pc.dim('provisioning the examples'));
    const results = await runExamples(muster, start, ({ requestId, outcome, failure }) => {
      say(`${requestId}: ${outcome}${failure ? ` (${failure.type})` : ''}`);
    });
    const faults = await muster.audit();
    const well = results.every(({ asExpected }) => asExpected) && faults.length === 0;
    if (flags.json) console.log(JSON.stringify({ well, results, ledgerFaults: faults }, null, 2));
    else console.log([resultTable(results), ...faults.map((fault) => pc.red(`ledger: ${fault}`))].join('\n'));
    return well;
  } finally {
    await client.connection.close();
  }
}

async function main(): Promise<number> {
  muteSdkNotice();
  const stack = await bringUp();
  try {
    const ended = await Promise.race([provision(stack), stack.broken, interrupted]);
    if (ended === 'interrupted') return 130;
    if (flags.once) return ended ? 0 : 1;
    say(`\nTemporal ${stack.temporal.address}   Web UI ${stack.temporal.uiUrl ?? '-'}   Ctrl-C ends it`);
    await Promise.race([interrupted, stack.broken]);
    return 0;
  } finally {
    say(pc.dim('stopping'));
    await stack.stop();
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(`${pc.red('error')}: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  },
);
