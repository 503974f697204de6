import type { CallInfo, Context } from './context.ts';
import { Refusal } from '../core/refusal.ts';
import { hpcClusterNotFound, missingParameter } from './errors.ts';
import { instanceTypeOf } from './instance-types.ts';
import { isCreating } from './status.ts';
import type { RunInstancesInput } from './run-input.ts';

/**
 * Checks the rules of RunInstances that concern several parameters or a container. Images, security groups and switches
 * are not simulated: any id is accepted.
 * @throws Refusal
 */
export function checkRun(context: Context, region: string, input: RunInstancesInput, nowMs: CallInfo['nowMs']): void {
  if (input.ImageId === undefined && input.ImageFamily === undefined) throw missingParameter('ImageId');
  checkNetwork(input);
  checkContainer(context, region, input, nowMs);
  if (input.MinAmount !== undefined && input.MinAmount > input.Amount) {
    throw new Refusal('InvalidMinAmount.Malformed', 'The specified parameter MinAmount is not valid.');
  }
  if (input.InstanceChargeType === 'PrePaid') {
    // The simulated account cannot pay in advance.
    throw new Refusal('InvalidPayMethod', 'The specified pay method is not valid.', 403);
  }
}

function checkNetwork(input: RunInstancesInput): void {
  if (input.SecurityGroupId === undefined && input.SecurityGroupIds === undefined) {
    throw missingParameter('SecurityGroupId');
  }
  if (input.SecurityGroupId !== undefined && input.SecurityGroupIds !== undefined) {
    throw new Refusal(
      'InvalidParameter.Conflict',
      'The specified parameters SecurityGroupId and SecurityGroupIds conflict with each other.',
    );
  }
  if (input.VSwitchId === undefined) throw new Refusal('InvalidVSwitchId.Necessary', 'The VSwitchId is necessary.');
}

function checkContainer(context: Context, region: string, input: RunInstancesInput, nowMs: number): void {
  const type = instanceTypeOf(input.InstanceType);
  if (type === undefined) {
    throw new Refusal('InvalidInstanceType.ValueNotSupported', 'The specified InstanceType is not supported.');
  }
  const id = input.HpcClusterId;
  if (id === undefined) {
    if (type.container !== 'necessary') return;
    throw new Refusal('InvalidHpcClusterId.Necessary', 'The HpcClusterId is necessary.');
  }
  if (type.container === 'unnecessary') {
    throw new Refusal('InvalidHpcClusterId.Unnecessary', 'The specified HpcClusterId is unnecessary.');
  }
  const cluster = context.account.visibleContainer(region, id, nowMs);
  if (cluster === undefined) throw hpcClusterNotFound();
  if (isCreating(cluster, nowMs)) {
    throw new Refusal('InvalidHpcClusterId.Creating', 'The specified HpcClusterId is creating.');
  }
}
