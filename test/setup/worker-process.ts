import { spawn } from 'node:child_process';
import { withParentDeathSignal } from '../../local/processes/parent-death.ts';
import { childEnvironment } from '../../platform/config.ts';
import { projectRoot } from '../../platform/project-root.ts';

/** Reading the sources takes seconds of a core, and tests share two. */
const START_TIMEOUT_MS = 60_000;

/** A worker as production runs it: a process of its own, which can be killed, frozen and measured. */
export interface WorkerProcess {
  readonly pid: number;
  /** The value of a metric of a region's monitor, as its monitoring reads it; undefined where it has none. */
  measured(name: string, region: string): Promise<number | undefined>;
  signal(signal: NodeJS.Signals): void;
  /** Ends it at once; safe to call twice. @throws when it had ended by itself, with its last output */
  kill(): Promise<void>;
}

/**
 * Starts `worker --roles ...` and waits until it runs; it does not outlive this process.
 * @throws when it ends first or takes too long, with its last output
 */
export async function startWorkerProcess(
  roles: string,
  environment: Readonly<Record<string, string>>,
): Promise<WorkerProcess> {
  const command = [process.execPath, '--import', 'tsx', 'workers/main.ts', '--roles', roles] as const;
  const [program, ...args] = withParentDeathSignal('SIGKILL', command);
  // Nothing of whoever runs the tests, such as credentials of theirs.
  const { PATH, HOME } = childEnvironment();
  const child = spawn(program, args, {
    cwd: projectRoot(),
    env: { PATH, HOME, ...environment, MUSTER_HEALTH_PORT: '0', MUSTER_LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let killed = false;
  let died: Error | undefined;
  let output = '';
  const ended = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      if (!killed) died = new Error(`the worker ended by itself, ${signal ?? code ?? ''}:\n${output.slice(-2_000)}`);
      resolve();
    });
  });
  const healthPort = await new Promise<number>((resolve, reject) => {
    const fail = (why: string): void => {
      child.kill('SIGKILL');
      reject(new Error(`the worker ${why}:\n${output.slice(-2_000)}`));
    };
    const timer = setTimeout(() => {
      fail('did not run in time');
    }, START_TIMEOUT_MS);
    const read = (chunk: Buffer): void => {
      // Only its beginning matters, and what a failure is explained by.
      output = (output + chunk.toString()).slice(-10_000);
      const port = /"healthPort":(\d+)/.exec(output)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(Number(port));
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void ended.then(() => {
      clearTimeout(timer);
      fail('ended');
    });
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('the worker has no pid');
  return {
    pid,
    measured: async (name, region) => {
      const text = await (await fetch(`http://127.0.0.1:${healthPort}/metrics`)).text();
      const value = new RegExp(`^${name}\\{[^}]*region="${region}"[^}]*\\} (.+)$`, 'm').exec(text)?.[1];
      return value === undefined ? undefined : Number(value);
    },
    signal: (signal) => {
      child.kill(signal);
    },
    kill: async () => {
      killed = true;
      child.kill('SIGKILL');
      await ended;
      if (died !== undefined) throw died;
    },
  };
}
