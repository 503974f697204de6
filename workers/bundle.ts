import { existsSync } from 'node:fs';
import path from 'node:path';
import { bundleWorkflowCode, type WorkflowBundleOption } from '@temporalio/worker';
import { projectRoot } from '../platform/project-root.ts';

/** Where the build writes the bundle. */
export const PREBUILT_BUNDLE = path.join(projectRoot(), 'dist', 'workflow-bundle.js');

/** The entry of the workflows: the source, or the compiled file if this file is compiled too. */
const entry = (): string => {
  const compiled = import.meta.url.endsWith('.js');
  return path.join(projectRoot(), ...(compiled ? ['dist', 'workflows', 'index.js'] : ['workflows', 'index.ts']));
};

let bundled: Promise<WorkflowBundleOption> | undefined;

/** The workflow code, bundled at most once in a process. Compiled workers use the bundle of the build. */
export function workflowBundle(): Promise<WorkflowBundleOption> {
  bundled ??=
    import.meta.url.endsWith('.js') && existsSync(PREBUILT_BUNDLE)
      ? Promise.resolve({ codePath: PREBUILT_BUNDLE })
      : bundleWorkflows();
  return bundled;
}

/** Bundles the workflows, which takes 2 to 3 seconds. */
export const bundleWorkflows = (): Promise<{ code: string }> =>
  bundleWorkflowCode({ workflowsPath: entry(), logger: quiet });

/** Drops the bundler's reports of sizes and modules. */
const nothing = (): void => undefined;
const quiet = {
  log: nothing,
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: console.warn.bind(console),
  error: console.error.bind(console),
};
