import { identify, livenessOf, parentOf, programOf } from './identity.ts';

const CHECK_INTERVAL_MS = 500;
/** npm runs a script through a shell; most wait for the script instead of becoming it. */
const SHELL = /^(sh|bash|dash|ash|zsh|ksh|busybox)$/;

/**
 * Calls back once when what started this process is gone. npm killed with -9, or a signal sent to npm that it does not
 * pass on, ends npm and perhaps its shell, and this process would hold its ports and its data folder for ever.
 *
 * @param startedByNpm nothing is watched otherwise: whoever starts a program by itself may mean it to live on
 */
export function onParentEnd(startedByNpm: boolean, callback: () => void): void {
  const parent = process.ppid;
  // A process without a parent was detached on purpose.
  if (!startedByNpm || parent <= 1) return;
  // npm stands above its shell, which does not end with it. Above npm stands whoever may close his terminal.
  const npm = SHELL.test(programOf(parent) ?? '') ? parentOf(parent) : undefined;
  const launcher = npm !== undefined && npm > 1 ? identify(npm) : undefined;
  const timer = setInterval(() => {
    if (process.ppid === parent && (!launcher || livenessOf(launcher) !== 'dead')) return;
    clearInterval(timer);
    callback();
  }, CHECK_INTERVAL_MS);
  timer.unref();
}
