#!/usr/bin/env node
import { auditCommand } from './commands/audit.ts';
import { budgetCommand } from './commands/budget.ts';
import { cancelCommand } from './commands/cancel.ts';
import { clustersCommand } from './commands/clusters.ts';
import { describeCommand } from './commands/describe.ts';
import { doctorCommand } from './commands/doctor.ts';
import { extendCommand } from './commands/extend.ts';
import { listCommand } from './commands/list.ts';
import { planCommand } from './commands/plan.ts';
import { pricesCommand } from './commands/prices.ts';
import { releaseCommand } from './commands/release.ts';
import { statusCommand } from './commands/status.ts';
import { straysCommand } from './commands/strays.ts';
import { submitCommand } from './commands/submit.ts';
import { watchCommand } from './commands/watch.ts';
import { exitCodeOf } from './exit.ts';
import { printError } from './print/error.ts';
import { createProgram, HelpShown } from './program.ts';

/** In the order in which help lists them. */
const { root, context } = createProgram([
  planCommand,
  submitCommand,
  statusCommand,
  watchCommand,
  listCommand,
  describeCommand,
  cancelCommand,
  clustersCommand,
  extendCommand,
  releaseCommand,
  straysCommand,
  auditCommand,
  budgetCommand,
  pricesCommand,
  doctorCommand,
]);

// The reader may close the pipe early, as `head` does. Then the rest of the output is not needed.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

try {
  await root.parseAsync();
} catch (error) {
  if (!(error instanceof HelpShown)) {
    printError(error, { json: context.isJson(), debug: context.isDebug() });
    process.exitCode = exitCodeOf(error);
  }
}
