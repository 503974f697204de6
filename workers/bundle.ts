import { existsSync } from 'node:fs';
import path from 'node:path';
import { bundleWorkflowCode, type WorkflowBundleOption } from '@temporalio/worker';
import { projectRoot } from '../platform/project-root.ts';

/** Where a build leaves the bundle. */
export const PREBUILT_BUNDLE = path.join(projectRoot(), 'dist', 'workflow-bundle.js');

/** The workflows' entry: its source, or its compiled form when this file is compiled too. */
const entry = (): string => {
  const compiled = import.meta.url.endsWith('.js');
  return path.join(projectRoot(), ...(compiled ? ['dist', 'workflows', 'index.js'] : ['workflows', 'index.ts']));
};

let bundled: Promise<WorkflowBundleOption> | undefined;

/** The workflow code, bundled once a process: prebuilt where a build made it and this is the build, else from source. */
export function workflowBundle(): Promise<WorkflowBundleOption> {
  bundled ??=
    import.meta.url.endsWith('.js') && existsSync(PREBUILT_BUNDLE)
      ? Promise.resolve({ codePath: PREBUILT_BUNDLE })
      : bundleWorkflows();
  return bundled;
}

/** Bundles from the sources: 2 to 3 seconds. */
export const bundleWorkflows = (): Promise<{ code: string }> =>
  bundleWorkflowCode({ workflowsPath: entry(), logger: quiet });

/** The bundler reports its size and modules; only what is wrong is worth a line. */
const nothing = (): void => undefined;
const quiet = {
  log: nothing,
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: console.warn.bind(console),
  error: console.error.bind(console),
};
