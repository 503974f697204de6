import path from 'node:path';
import pc from 'picocolors';
import { createLiveLines } from '../client/terminal/live-lines.ts';
import { cacheFolder, childEnvironment, providerSettings, readConfig } from '../platform/config.ts';
import { readOptions } from './options.ts';
import { onNpmExit } from './processes/npm-exit.ts';
import { provisionExamples, type Provisioned } from './provision.ts';
import { nextStepsText, resultText } from './report.ts';
import { resetDataFolder } from './reset.ts';
import { startStack, type Stack } from './stack.ts';
import { stepView } from './step-view.ts';

/** A shell's code for a program that a signal ended. */
const INTERRUPTED = 130;

const options = readOptions();
const { dataDir, real } = options;
const config = readConfig();
// Standard output belongs to the result.
const progress = options.json ? process.stderr : process.stdout;
const view = createLiveLines(progress);

/** Aborted by a signal, or when the npm that started this process has ended. */
const interruption = new AbortController();
const interrupted = new Promise<'interrupted'>((resolve) => {
  const end = (): void => {
    interruption.abort(new Error('interrupted'));
    resolve('interrupted');
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  onNpmExit(config.npm_lifecycle_event !== undefined, end);
});

function bringUp(): Promise<Stack> {
  return startStack({
    dataDir,
    real,
    speed: options.speed,
    accessTo: providerSettings,
    temporal: {
      address: config.TEMPORAL_ADDRESS,
      cliPath: config.TEMPORAL_CLI_PATH,
      path: config.PATH,
      cacheDir: cacheFolder(config),
      childEnv: childEnvironment(),
      port: 7233,
      uiPort: 8233,
    },
    signal: interruption.signal,
    onStep: stepView(view),
  });
}

function report(provisioned: Provisioned): void {
  if (options.json) {
    console.log(JSON.stringify(provisioned, null, 2));
    return;
  }
  const faults = provisioned.ledgerFaults.map((fault) => pc.red(`ledger: ${fault}`));
  console.log(['', resultText(provisioned.results), ...faults].join('\n'));
}

/** Provisions the examples if the providers are simulated, then runs until it is interrupted. @returns the exit code */
async function serve(stack: Stack): Promise<number> {
  let ready: string | undefined;
  if (stack.simulators !== null) {
    const ended = await Promise.race([provisionExamples(stack, dataDir, view), stack.broken, interrupted]);
    view.stop();
    if (ended === 'interrupted') return INTERRUPTED;
    report(ended);
    if (options.once) return ended.ok ? 0 : 1;
    ready = ended.results.find(({ outcome }) => outcome === 'ready')?.requestId;
  }
  view.stop();
  progress.write(`${nextStepsText(stack, dataDir, ready)}\n`);
  await Promise.race([interrupted, stack.broken]);
  return 0;
}

async function main(): Promise<number> {
  if (options.reset) {
    await resetDataFolder(dataDir);
    view.print(pc.dim(`deleted what was in ${path.relative('', dataDir) || '.'}`));
  }
  const stack = await bringUp();
  try {
    return await serve(stack);
  } finally {
    view.stop();
    progress.write(pc.dim('stopping\n'));
    await stack.stop();
  }
}

// Ends explicitly: an example that is still waited for would go on calling a server that has stopped.
main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    view.stop();
    if (interruption.signal.aborted) process.exit(INTERRUPTED);
    console.error(`${pc.red('error')}: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  },
);
