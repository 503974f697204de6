import { identify, livenessOf, parentOf, programOf } from './process-identity.ts';

const CHECK_INTERVAL_MS = 500;
/** npm runs a script through a shell; most wait for the script instead of becoming it. */
const SHELL = /^(sh|bash|dash|ash|zsh|ksh|busybox)$/;
/** Programs that take in processes whose parent has died; none of them starts a script by itself. */
const ADOPTER = /^(init|systemd|launchd|tini|docker-init|dumb-init|catatonit|runit|s6-svscan)$/;

/**
 * Calls back once when npm, which started this process, is gone, also when it went before this was called. npm killed
 * with -9, or a signal that npm does not pass on, ends npm and perhaps its shell, and this process would hold its ports
 * and its data folder for ever.
 *
 * @param startedByNpm nothing is watched otherwise: whoever starts a program by itself may mean it to live on
 */
export function onNpmExit(startedByNpm: boolean, callback: () => void): void {
  if (!startedByNpm) return;
  const parent = process.ppid;
  // npm stands above its shell, which does not end with it. Above npm stands whoever may close his terminal.
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

/** In a container npm may be the first process itself; anything else there has only taken us in. */
function isOrphanUnder(pid: number): boolean {
  const program = programOf(pid);
  if (program === undefined) return pid <= 1;
  return ADOPTER.test(program) || (pid === 1 && !/^(node|npm)/.test(program));
}
