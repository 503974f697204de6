#!/usr/bin/env node
import { userInfo } from 'node:os';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { MICROS_PER_USD } from '../../contracts/money.ts';
import { ConfigError } from '../../platform/config.ts';
import { connectClient } from '../../platform/connection.ts';
import { endOf } from '../end.ts';
import { MusterError, UnreachableError } from '../errors.ts';
import { createMuster, type Muster } from '../muster.ts';
import { planOf } from '../submit.ts';
import { readRequests } from './input.ts';
import { commandTarget } from './target.ts';
import { budgetText, endText, planText, printError, viewText } from './print.ts';

/** What the process ends with. */
const EXIT = { fine: 0, failed: 1, invalid: 2, unreachable: 3 } as const;

const program = new Command('muster')
  .description('Provisions GPU and HPC clusters, durably.')
  .addOption(new Option('--json', 'print JSON: one document on standard output, errors on standard error'))
  .exitOverride()
  .configureOutput({
    outputError: (text, write) => {
      write(text);
    },
  })
  .showHelpAfterError('(add --help for usage)');

const isJson = (): boolean => program.opts<{ json?: boolean }>().json === true;
const show = (value: unknown, text: string): void => {
  console.log(isJson() ? JSON.stringify(value, null, 2) : text);
};
/** One value as it is, several as a list: always one JSON document. */
const showAll = (values: readonly unknown[], texts: readonly string[]): void => {
  show(values.length === 1 ? values[0] : values, texts.join('\n\n'));
};
const who = (): string => userInfo().username;

/** Runs an order on a connected client, and closes the connection. */
async function withMuster<T>(run: (muster: Muster) => Promise<T>): Promise<T> {
  const target = commandTarget();
  const client = await connectClient(target).catch((error: unknown) => {
    const text = error instanceof Error ? error.message : String(error);
    throw new UnreachableError(
      'unreachable',
      `cannot reach Temporal: ${text}`,
      'Start the local stack with npm start, or set TEMPORAL_ADDRESS.',
    );
  });
  try {
    return await run(createMuster(client, target));
  } finally {
    await client.connection.close();
  }
}

const usd = (text: string): number => {
  const amount = Number(text);
  if (!/^\d+(\.\d{1,6})?$/.test(text) || !Number.isSafeInteger(Math.round(amount * MICROS_PER_USD))) {
    throw new InvalidArgumentError('It must be an amount in USD such as 1000 or 99.50.');
  }
  return Math.round(amount * MICROS_PER_USD);
};

program
  .command('plan')
  .description('Check and price the requests of a file; touches nothing and needs no server')
  .requiredOption('-f, --file <file>', 'JSON or YAML file, - for standard input')
  .action(({ file }: { file: string }) => {
    const plans = readRequests(file).map((request) => planOf(request).plan);
    showAll(plans, plans.map(planText));
  });

program
  .command('submit')
  .description('Start the requests of a file, or join those that have their ids')
  .requiredOption('-f, --file <file>', 'JSON or YAML file, - for standard input')
  .option('--wait', 'wait for the end; exit code 1 where one fails')
  .option('--again', 'start again what failed')
  .action(async ({ file, wait, again }: { file: string; wait?: boolean; again?: boolean }) => {
    const requests = readRequests(file);
    // All are checked before the first is started.
    for (const request of requests) planOf(request);
    await withMuster(async (muster) => {
      const submitted = [];
      for (const request of requests) {
        submitted.push(await muster.submit(request as Parameters<Muster['submit']>[0], { again: again === true }));
      }
      if (wait === true)
        return showEnds(
          muster,
          submitted.map(({ requestId }) => requestId),
        );
      const lines = submitted.map((each) => `${each.outcome}  ${each.requestId}  (${each.workflowId})`);
      showAll(submitted, lines);
    });
  });

program
  .command('status <requestId>')
  .description('Where a request is')
  .option('--wait', 'wait for its end; exit code 1 where it fails')
  .action(async (requestId: string, { wait }: { wait?: boolean }) => {
    await withMuster(async (muster) => {
      if (wait === true) return showEnds(muster, [requestId]);
      const view = await muster.status(requestId);
      show(view, viewText(view));
    });
  });

program
  .command('cancel <requestId>')
  .description('Cancel a request that is not ready: what it made is deleted, with proof')
  .option('--why <text>', 'a reason for the record', '')
  .action(async (requestId: string, { why }: { why: string }) => {
    const reply = await withMuster((muster) => muster.cancel(requestId, { who: who(), why }));
    show(reply, `${requestId}: ${reply.outcome}`);
  });

program
  .command('release <requestId>')
  .description('Delete the ready cluster of a request, and book what it cost')
  .option('--why <text>', 'a reason for the record', '')
  .action(async (requestId: string, { why }: { why: string }) => {
    const reply = await withMuster((muster) => muster.release(requestId, { who: who(), why }));
    show(reply, `${requestId}: ${reply.outcome}`);
  });

program
  .command('budget <team>')
  .description("Show a team's budget, or set its limit")
  .option('--limit <usd>', 'set the limit, in USD', usd)
  .addOption(new Option('--period <period>', 'what the limit is for').choices(['total', 'month']).default('total'))
  .action(async (team: string, { limit, period }: { limit?: number; period: 'total' | 'month' }) => {
    const budget = await withMuster((muster) =>
      limit === undefined ? muster.budget(team) : muster.setBudget(team, period, limit, { who: who() }),
    );
    show(budget, budgetText(budget));
  });

/** Waits for every request, shows how each ended, and ends with 1 where one did not become ready. */
async function showEnds(muster: Muster, requestIds: readonly string[]): Promise<void> {
  const ends = await Promise.all(requestIds.map((requestId) => endOf(muster, requestId)));
  showAll(ends, ends.map(endText));
  if (ends.some(({ outcome }) => outcome !== 'ready')) process.exitCode = EXIT.failed;
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? EXIT.fine : EXIT.invalid;
  } else {
    printError(error, isJson());
    process.exitCode =
      error instanceof ConfigError ? EXIT.invalid : error instanceof MusterError ? EXIT[error.kind] : EXIT.failed;
  }
}
