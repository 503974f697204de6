import { spawn } from 'node:child_process';
import { withParentDeathSignal } from '../../local/processes/parent-death.ts';
import { childEnvironment } from '../../platform/config.ts';
import { projectRoot } from '../../platform/project-root.ts';

/** A start compiles the sources, which takes seconds of a core. Tests share two cores. */
const START_TIMEOUT_MS = 60_000;

/** A worker in a separate process, as in production. A test can kill it, freeze it and read its metrics. */
export interface WorkerProcess {
  readonly pid: number;
  /** A metric of a region's monitor in this worker; undefined if it has none. */
  measured(name: string, region: string): Promise<number | undefined>;
  signal(signal: NodeJS.Signals): void;
  /** Kills it. Safe to call twice. @throws if it had ended by itself, with its last output */
  kill(): Promise<void>;
}

/**
 * Starts `worker --roles ...` and waits until it runs. It does not outlive this process.
 * @throws if it ends or takes too long, with its last output
 */
export async function startWorkerProcess(
  roles: string,
  environment: Readonly<Record<string, string>>,
): Promise<WorkerProcess> {
  const command = [process.execPath, '--import', 'tsx', 'workers/main.ts', '--roles', roles] as const;
  const [program, ...args] = withParentDeathSignal('SIGKILL', command);
  // Not the environment of the user who runs the tests, which may contain credentials.
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
      // Its beginning has the port, and the last part explains a failure.
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
