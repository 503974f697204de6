import { spawnSync } from 'node:child_process';

/** The last is looked up on PATH; the fixed ones also work for a child that gets a PATH of its own. */
const CANDIDATES = ['/usr/bin/setpriv', '/bin/setpriv', 'setpriv'];

/** A program and its arguments. */
export type CommandLine = readonly [string, ...string[]];

let setpriv: { program: string | undefined } | undefined;

/**
 * Wraps a command so that the kernel sends it `signal` when the spawning thread dies, kill -9 included. Only Linux with
 * util-linux's `setpriv` can; elsewhere the command comes back as it was.
 *
 * setpriv execs the program, so the pid stays the child's own.
 */
export function withParentDeathSignal(signal: NodeJS.Signals, command: CommandLine): CommandLine {
  const program = findSetpriv();
  if (program === undefined) return command;
  return [program, '--pdeathsig', shellName(signal), '--', ...command];
}

/**
 * Wraps a command so that `signal` kills it with everything it started. The kernel's signal to a child reaches that
 * process alone; here it is a shell, which passes it on to its whole process group. It must lead a group of its own.
 */
export function withGroupKill(signal: NodeJS.Signals, command: CommandLine): CommandLine {
  if (process.platform === 'win32') return command;
  return ['/bin/sh', '-c', `trap 'kill -KILL 0' ${shellName(signal)}; "$@" & wait "$!"`, 'sh', ...command];
}

function shellName(signal: NodeJS.Signals): string {
  return signal.replace(/^SIG/, '');
}

/** Asked once a process. It is tried, not looked up: BusyBox has a setpriv without the flag. */
function findSetpriv(): string | undefined {
  setpriv ??= {
    program:
      process.platform === 'linux'
        ? CANDIDATES.find((candidate) => {
            const args = ['--pdeathsig', 'TERM', '--', candidate, '--version'];
            return spawnSync(candidate, args, { stdio: 'ignore', timeout: 5_000 }).status === 0;
          })
        : undefined,
  };
  return setpriv.program;
}
