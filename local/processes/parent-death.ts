import { spawnSync } from 'node:child_process';

/** The last one is looked up on PATH. The absolute ones also work for a child with another PATH. */
const CANDIDATES = ['/usr/bin/setpriv', '/bin/setpriv', 'setpriv'];

/** A program and its arguments. */
export type CommandLine = readonly [string, ...string[]];

let setpriv: { program: string | undefined } | undefined;

/**
 * Wraps a command so that the kernel sends it `signal` when the spawning thread ends, also by kill -9. Needs Linux with
 * util-linux's `setpriv`; otherwise returns the command unchanged.
 *
 * setpriv replaces itself with the program, so the pid is the program's.
 */
export function withParentDeathSignal(signal: NodeJS.Signals, command: CommandLine): CommandLine {
  const program = findSetpriv();
  if (program === undefined) return command;
  return [program, '--pdeathsig', shellName(signal), '--', ...command];
}

/**
 * Wraps a command so that `signal` kills it together with everything it started. The kernel's signal reaches only the child
 * itself: here a shell, which passes it on to its whole process group. The child must lead its own group.
 */
export function withGroupKill(signal: NodeJS.Signals, command: CommandLine): CommandLine {
  if (process.platform === 'win32') return command;
  return ['/bin/sh', '-c', `trap 'kill -KILL 0' ${shellName(signal)}; "$@" & wait "$!"`, 'sh', ...command];
}

function shellName(signal: NodeJS.Signals): string {
  return signal.replace(/^SIG/, '');
}

/** Determined once. Runs each candidate instead of only looking for it: BusyBox has a setpriv without the flag. */
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
