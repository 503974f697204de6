import pc from 'picocolors';
import { formatMicros } from '../../contracts/money.ts';
import type { Budget } from '../../contracts/activities.ts';
import type { ProvisionedCluster, Receipt } from '../../contracts/cluster.ts';
import type { Plan } from '../../contracts/plan.ts';
import type { RequestEnd } from '../end.ts';
import { MusterError } from '../errors.ts';
import { table } from '../terminal/table.ts';
import { duration } from '../terminal/time.ts';
import type { RequestView } from '../muster.ts';

export const planText = (plan: Plan): string =>
  `${pc.bold(plan.requestId)} for team ${plan.team}\n` +
  table(
    ['#', 'provider', 'region', 'nodes', 'price', 'ready within', 'held at most', 'price from'],
    plan.placements.map((each) => [
      String(each.placementIndex + 1),
      each.provider,
      each.region,
      String(each.nodesWanted),
      `${formatMicros(each.hourlyMicros)}/h`,
      duration(each.readyTimeoutMs),
      formatMicros(each.holdMicros),
      each.priceSource,
    ]),
  );

export function viewText(view: RequestView): string {
  const { status } = view;
  const lines = [`${pc.bold(view.requestId)}  ${view.phase ?? 'no phase yet'}  (run ${view.run.toLowerCase()})`];
  if (status?.creation) {
    const { creation } = status;
    lines.push(
      `  placement ${status.placementIndex + 1} of ${status.placements}: ${creation.provider} in ${creation.region}`,
      `  creation  ${creation.key} (${creation.state}), ${formatMicros(creation.hourlyMicros)}/h, ${formatMicros(creation.holdMicros)} held`,
    );
    if (creation.clusterId) lines.push(`  cluster   ${creation.clusterId}`);
  }
  if (status?.readyDeadlineMs) lines.push(`  deadline  ${new Date(status.readyDeadlineMs).toISOString()}`);
  if (status?.failure) lines.push(`  ${pc.yellow(status.failure.type)}: ${status.failure.message}`);
  return lines.join('\n');
}

function clusterText(cluster: ProvisionedCluster): string {
  const { access } = cluster;
  const lines = [
    `${pc.green('ready')}  ${pc.bold(cluster.requestId)} at ${cluster.provider} in ${cluster.region}, ${formatMicros(cluster.hourlyMicros)}/h`,
    `  cluster  ${cluster.clusterId ?? ''}${cluster.released ? ' (released since)' : ''}`,
  ];
  if (access) {
    lines.push(
      `  nodes    ${access.nodeCount}: ${access.nodes
        .slice(0, 4)
        .map(({ nodeId, address }) => `${nodeId} ${address ?? ''}`)
        .join(', ')}`,
    );
    lines.push(...access.login.map((command) => `  log in   ${command}`));
  }
  if (cluster.leaseUntilMs !== null) lines.push(`  funded until ${new Date(cluster.leaseUntilMs).toISOString()}`);
  lines.push(`  delete it with: muster release ${cluster.requestId}`);
  return lines.join('\n');
}

const receiptText = (receipt: Receipt): string =>
  table(
    ['#', 'key', 'placement', 'state', 'why', 'cost'],
    receipt.creations.map((each) => [
      String(each.number),
      each.key,
      `${each.provider} ${each.region}`,
      each.state,
      each.why ?? '',
      each.costMicros === null ? '' : formatMicros(each.costMicros),
    ]),
  );

/** How a request ended: its cluster, or its failure with what every creation came to. */
export function endText({ requestId, cluster, failure, receipt }: RequestEnd): string {
  if (cluster) return clusterText(cluster);
  const lines = [`${pc.red(failure?.type ?? '')}  ${pc.bold(requestId)}: ${failure?.message ?? ''}`];
  if (receipt && receipt.creations.length > 0) lines.push(receiptText(receipt));
  lines.push(pc.dim(failure?.hint ?? ''));
  return lines.join('\n');
}

export const budgetText = (budget: Budget): string =>
  `${pc.bold(budget.team)}: ${formatMicros(budget.limitMicros)} ${budget.period === 'month' ? 'a month' : 'in all'}\n` +
  table(
    ['period', 'held', 'spent', 'left'],
    budget.balances.map(({ period, heldMicros, spentMicros }) => [
      period,
      formatMicros(heldMicros),
      formatMicros(spentMicros),
      formatMicros(budget.limitMicros - heldMicros - spentMicros),
    ]),
  );

/** An error on standard error, with what to do next; as JSON where that was asked for. */
export function printError(error: unknown, json: boolean): void {
  const known = error instanceof MusterError ? error : undefined;
  const message = error instanceof Error ? error.message : String(error);
  if (json) {
    const fields = {
      error: (error as Error).name,
      message,
      hint: known?.hint,
      ...('faults' in (known ?? {}) ? { faults: (known as never)['faults'] } : {}),
    };
    console.error(JSON.stringify(fields));
    return;
  }
  console.error(`${pc.red('error')}: ${message}${known?.hint ? `\n${pc.dim(known.hint)}` : ''}`);
}
