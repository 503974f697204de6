import { allHandlersFinished, condition, log } from '@temporalio/workflow';
import type { Creation, LedgerOutcomes } from '../../contracts/creation.ts';
import { leaseWorkflowId } from '../../contracts/ids.ts';
import { makeAbsentAndSettle } from '../absence.ts';
import { ledger } from '../activity-options.ts';
import { asApplicationFailure, failureOf } from '../failures.ts';
import type { Page } from './page.ts';
import type { Act, LeaseState } from './state.ts';

/**
 * Closes a lease: nothing leads back from here. Also where an earlier run had closed it, or somebody has ended it.
 * @param isOrdered whether somebody has ordered the release by now
 */
export async function closeLease(
  { creation, terms }: LeaseState,
  { why, message }: Extract<Act, { do: 'close' }>,
  isOrdered: () => boolean,
  page: Page,
): Promise<Creation> {
  const { key, requestId, number, epoch } = creation;
  log.info('a lease ends', { key, requestId, why });
  page.showEnding(creation, 'releasing', creation.why ?? why, creation.whyText ?? message);
  const { beginClosing } = ledger(`Close ${key}: ${message}`);
  const answer = await beginClosing({ key, caller: leaseWorkflowId(requestId, number), epoch, why, message });
  const ended = answer.outcome === 'closing' ? await makeAbsentAndSettle(creation) : (answer.creation ?? creation);
  page.showEnding(ended, ended.state, ended.why ?? why, ended.whyText ?? message);
  // Whoever releases a broken cluster by hand wants no other.
  if (ended.why === 'Broken' && terms.onBroken === 'reprovision' && !isOrdered()) await reprovision(ended, page);
  await condition(allHandlersFinished);
  return ended;
}

async function reprovision(ended: Creation, page: Page): Promise<void> {
  const { key, requestId } = ended;
  const outcome = await askAgain(ended);
  if (outcome === 'reprovisioned') log.info('a request is provisioned again', { key, requestId });
  else log.warn('a request is not provisioned again', { key, requestId, outcome });
  page.showEnding(ended, ended.state, ended.why ?? 'Broken', NOTES[outcome]);
}

/** The lease has done its work; a request that cannot be provisioned again fails its run all the same, to be seen. */
async function askAgain(ended: Creation): Promise<LedgerOutcomes['reprovision']> {
  try {
    return (await ledger(`Provision ${ended.requestId} again`).reprovision({ creation: ended })).outcome;
  } catch (error) {
    throw asApplicationFailure(failureOf(error), ended);
  }
}

const NOTES = {
  reprovisioned: 'The cluster was broken; its request is provisioned again.',
  'not-released': 'The cluster was broken; its request has gone on already.',
  'too-often': 'The cluster was broken, and so were those before it: its request is not provisioned again.',
} as const;
