import type { Moment, Setting } from './context.ts';
import { EcsError, hpcClusterNotFound, missingParameter } from './errors.ts';
import { instanceTypeOf } from './instance-types.ts';
import { isCreating } from './life.ts';
import type { RunInstancesInput } from './run-input.ts';

/**
 * Checks what no single parameter shows. Images, security groups and switches are not simulated: any id will do.
 * @throws EcsError
 */
export function checkRun(setting: Setting, region: string, input: RunInstancesInput, nowMs: Moment['nowMs']): void {
  if (input.ImageId === undefined && input.ImageFamily === undefined) throw missingParameter('ImageId');
  checkNetwork(input);
  checkContainer(setting, region, input, nowMs);
  if (input.MinAmount !== undefined && input.MinAmount > input.Amount) {
    throw new EcsError('InvalidMinAmount.Malformed', 'The specified parameter MinAmount is not valid.');
  }
  if (input.InstanceChargeType === 'PrePaid') {
    // The simulated account has nothing to pay with in advance.
    throw new EcsError('InvalidPayMethod', 'The specified pay method is not valid.', 403);
  }
}

function checkNetwork(input: RunInstancesInput): void {
  if (input.SecurityGroupId === undefined && input.SecurityGroupIds === undefined) {
    throw missingParameter('SecurityGroupId');
  }
  if (input.SecurityGroupId !== undefined && input.SecurityGroupIds !== undefined) {
    throw new EcsError(
      'InvalidParameter.Conflict',
      'The specified parameters SecurityGroupId and SecurityGroupIds conflict with each other.',
    );
  }
  if (input.VSwitchId === undefined) throw new EcsError('InvalidVSwitchId.Necessary', 'The VSwitchId is necessary.');
}

function checkContainer(setting: Setting, region: string, input: RunInstancesInput, nowMs: number): void {
  const type = instanceTypeOf(input.InstanceType);
  if (type === undefined) {
    throw new EcsError('InvalidInstanceType.ValueNotSupported', 'The specified InstanceType is not supported.');
  }
  const id = input.HpcClusterId;
  if (id === undefined) {
    if (type.container !== 'necessary') return;
    throw new EcsError('InvalidHpcClusterId.Necessary', 'The HpcClusterId is necessary.');
  }
  if (type.container === 'unnecessary') {
    throw new EcsError('InvalidHpcClusterId.Unnecessary', 'The specified HpcClusterId is unnecessary.');
  }
  const cluster = setting.account.visibleContainer(region, id, nowMs);
  if (cluster === undefined) throw hpcClusterNotFound();
  if (isCreating(cluster, nowMs)) {
    throw new EcsError('InvalidHpcClusterId.Creating', 'The specified HpcClusterId is creating.');
  }
}
