import { z } from 'zod';
import type { InstanceOfRun } from './account.ts';
import type { Operation } from './context.ts';
import { Refusal } from '../core/refusal.ts';
import { instanceNotFound } from './errors.ts';
import { statusAt } from './status.ts';
import { regionOf } from './regions.ts';
import { Flag, parseParameters } from './validation.ts';

const DeleteInstancesInput = z.object({
  InstanceId: z.array(z.string()).min(1).max(100),
  Force: Flag.default(false),
  DryRun: Flag.default(false),
});

/** The statuses that need no force. That a second release of an instance succeeds without an effect is a guess. */
const RELEASABLE_WITHOUT_FORCE = new Set(['Stopped', 'Stopping']);

/** Releases all of the instances or none of them. They stop existing a while later. */
export const deleteInstances: Operation = ({ account, durations }, { nowMs }, parameters) => {
  const region = regionOf(parameters);
  const input = parseParameters(DeleteInstancesInput, parameters);
  if (input.DryRun) throw new Refusal('DRYRUN.SUCCESS', 'The request passed the dry run.');
  const members = input.InstanceId.map((id) => {
    const member = account.visibleInstance(region, id, nowMs);
    if (member === undefined) throw instanceNotFound();
    return member;
  });
  for (const member of members) checkRelease(member, input.Force, nowMs);
  for (const { run, instance } of members) {
    if (instance.releasingSinceMs !== undefined) continue;
    instance.releasingSinceMs = nowMs;
    if (!run.deleteStuck) instance.goneAtMs = Math.min(instance.goneAtMs ?? Infinity, nowMs + durations.releasingMs);
  }
  return {};
};

/** Force is documented for Running instances; that it also releases Starting ones is a guess. */
function checkRelease({ run, instance }: InstanceOfRun, force: boolean, nowMs: number): void {
  if (run.deletionProtection) {
    throw new Refusal(
      'InvalidOperation.DeletionProtection',
      'The specified operation is denied because the instance is protected from release.',
      403,
    );
  }
  const status = statusAt(instance, nowMs);
  if (status === 'Pending') {
    throw new Refusal(
      'IncorrectInstanceStatus.Initializing',
      'The specified instance status does not support this operation.',
      403,
    );
  }
  if (force || RELEASABLE_WITHOUT_FORCE.has(status)) return;
  throw new Refusal(
    'IncorrectInstanceStatus',
    'The current status of the resource does not support this operation.',
    403,
  );
}
