import { CancellationScope, condition, setCurrentDetails, setHandler } from '@temporalio/workflow';
import type { Creation } from '../../contracts/creation.ts';
import { leaseWorkflowId } from '../../contracts/ids.ts';
import { MESSAGES, type ReleaseSignal } from '../../contracts/messages.ts';
import { formatUsd } from '../../contracts/money.ts';
import { makeAbsentAndSettle } from '../absence.ts';
import { ledger } from '../activity-options.ts';
import { showAttributes } from '../attributes.ts';
import { releaseSignal, releaseUpdate } from './messages.ts';

/*
 * The life of a cluster that was leased before leases had terms: it is released, or its funded time ends. Its runs may
 * go on for a year, so these steps and their order stay as they are.
 */

/** Owns a ready cluster until it is released or its funded time ends; then deletes it, with proof, and books its cost. */
export async function leaseWithoutTerms(creation: Creation): Promise<Creation> {
  let release: ReleaseSignal | undefined;
  const take = (order: ReleaseSignal): void => {
    release ??= order;
  };
  setHandler(releaseSignal, take, MESSAGES.release);
  setHandler(
    releaseUpdate,
    (order) => {
      take(order);
      return { outcome: 'releasing' };
    },
    MESSAGES.release,
  );
  show(creation, 'leased');

  // Started again, or late: an earlier run may have begun to release, and then there is nothing to wait for.
  if (!(await isLeased(creation))) return endLease(creation, release, false);
  // A Temporal cancel of a lease is a release too: either way the cluster must not stay without an owner.
  const leftMs = Math.max(1, (creation.leaseUntilMs ?? 0) - Date.now());
  const cancelled = await condition(() => release !== undefined, leftMs).then(
    () => false,
    () => true,
  );
  return endLease(creation, release, cancelled);
}

async function isLeased({ key, requestId }: Creation): Promise<boolean> {
  return CancellationScope.nonCancellable(async () => {
    const { creation } = await ledger('Read what stands').readRequest({ requestId });
    return creation?.key === key && creation.state === 'leased';
  });
}

async function endLease(creation: Creation, release: ReleaseSignal | undefined, cancelled: boolean): Promise<Creation> {
  const message = reasonText(release, cancelled);
  return CancellationScope.nonCancellable(async () => {
    show(creation, 'releasing', message);
    const { beginClosing } = ledger(`Close ${creation.key}: ${message}`);
    const answer = await beginClosing({
      key: creation.key,
      caller: leaseWorkflowId(creation.requestId, creation.number),
      epoch: creation.epoch,
      why: release || cancelled ? 'Released' : 'LeaseEnded',
      message,
    });
    const ended = answer.outcome === 'closing' ? await makeAbsentAndSettle(creation) : (answer.creation ?? creation);
    show(ended, ended.state);
    return ended;
  });
}

function reasonText(release: ReleaseSignal | undefined, cancelled: boolean): string {
  if (release) return `released by ${release.who}${release.why && `: ${release.why}`}`;
  return cancelled ? 'the lease was cancelled through Temporal' : 'its funded time is over';
}

function show(creation: Creation, phase: string, note = ''): void {
  const until =
    creation.leaseUntilMs === null ? '' : ` · funded until ${new Date(creation.leaseUntilMs).toISOString()}`;
  const cost = creation.costMicros === null ? '' : ` · cost ${formatUsd(creation.costMicros)}`;
  setCurrentDetails(
    `**${phase}** · \`${creation.key}\` at ${creation.provider} in ${creation.region} · ` +
      `${formatUsd(creation.hourlyMicros)}/h${until}${cost}${note && `\n\n${note}`}`,
  );
  showAttributes({
    MusterPhase: phase,
    MusterTeam: creation.team,
    MusterProvider: creation.provider,
    MusterRegion: creation.region,
    MusterClusterId: creation.clusterId,
  });
}
