import { identify, livenessOf, parentOf, programOf } from './process-identity.ts';

const CHECK_INTERVAL_MS = 500;
/** npm runs a script through a shell. Most shells wait for the script; some replace themselves with it. */
const SHELL = /^(sh|bash|dash|ash|zsh|ksh|busybox)$/;
/** Programs that become the parent of orphans. None of them starts a script by itself. */
const ADOPTER = /^(init|systemd|launchd|tini|docker-init|dumb-init|catatonit|runit|s6-svscan)$/;

/**
 * Calls back once when the npm that started this process has ended, also if it ended before this call. When npm is killed
 * with -9, or does not pass a signal on, this process would otherwise keep its ports and its data folder for ever.
 *
 * @param startedByNpm false to watch nothing: a program that was started directly may be meant to run on
 */
export function onNpmExit(startedByNpm: boolean, callback: () => void): void {
  if (!startedByNpm) return;
  const parent = process.ppid;
  // npm is the parent of its shell, and the shell does not end with npm. A parent of npm may end without npm.
  const npm = SHELL.test(programOf(parent) ?? '') ? (parentOf(parent) ?? parent) : parent;
  if (isOrphanUnder(npm)) {
    callback();
    return;
  }
  const launcher = identify(npm);
  const timer = setInterval(() => {
    if (process.ppid === parent && livenessOf(launcher) !== 'dead') return;
    clearInterval(timer);
    callback();
  }, CHECK_INTERVAL_MS);
  timer.unref();
}

/** Whether the parent only adopted this process. In a container npm itself may be the first process. */
function isOrphanUnder(pid: number): boolean {
  const program = programOf(pid);
  if (program === undefined) return pid <= 1;
  return ADOPTER.test(program) || (pid === 1 && !/^(node|npm)/.test(program));
}
