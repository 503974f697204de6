import { allHandlersFinished, condition, log } from '@temporalio/workflow';
import type { Creation, LedgerOutcomes } from '../../contracts/creation.ts';
import { leaseWorkflowId } from '../../contracts/ids.ts';
import { makeAbsentAndSettle } from '../absence.ts';
import { ledger } from '../activity-options.ts';
import { asApplicationFailure, failureOf } from '../failures.ts';
import type { LeaseAction } from './next-action.ts';
import type { LeasePage } from './page.ts';
import type { LeaseState } from './state.ts';

/**
 * Closes a lease, also one that an earlier run or somebody else has closed before. Nothing leads back from here.
 * @param current the lease as it is now: an order may come while it closes
 */
export async function closeLease(
  current: () => LeaseState,
  { why, message }: Extract<LeaseAction, { do: 'close' }>,
  page: LeasePage,
): Promise<Creation> {
  const { creation } = current();
  const { key, requestId, number, epoch } = creation;
  log.info('a lease closes', { key, requestId, why });
  page.showClosing(creation, creation.why ?? why, creation.whyText ?? message);
  const { beginClosing } = ledger(`Close ${key}: ${message}`);
  const answer = await beginClosing({ key, caller: leaseWorkflowId(requestId, number), epoch, why, message });
  const ended = answer.outcome === 'closing' ? await makeAbsentAndSettle(creation) : (answer.creation ?? creation);
  page.showClosing(ended, ended.why ?? why, ended.whyText ?? message);
  // A person who releases a broken cluster wants no other one.
  const isReplaced = ended.why === 'Broken' && creation.terms.onBroken === 'reprovision';
  if (isReplaced && current().releaseOrder === null) await reprovision(ended, page);
  await condition(allHandlersFinished);
  return ended;
}

async function reprovision(ended: Creation, page: LeasePage): Promise<void> {
  const { key, requestId } = ended;
  const outcome = await askToReprovision(ended);
  if (outcome === 'reprovisioned') log.info('a request is provisioned again', { key, requestId });
  else log.warn('a request is not provisioned again', { key, requestId, outcome });
  page.showClosing(ended, ended.why ?? 'Broken', NOTES[outcome]);
}

/** A request that cannot be provisioned again fails the run of its lease, so that people see it. */
async function askToReprovision(ended: Creation): Promise<LedgerOutcomes['reprovision']> {
  try {
    return (await ledger(`Provision ${ended.requestId} again`).reprovision({ creation: ended })).outcome;
  } catch (error) {
    throw asApplicationFailure(failureOf(error), ended);
  }
}

const NOTES: Readonly<Record<LedgerOutcomes['reprovision'], string>> = {
  reprovisioned: 'The cluster was broken. Its request is provisioned again.',
  'not-released': 'The cluster was broken. Its request has gone on already.',
  'too-often': 'The cluster was broken, and so were those before it. Its request is not provisioned again.',
};
