import pc from 'picocolors';
import type { ProvisionedCluster, Receipt } from '../../../contracts/cluster.ts';
import { formatMicros } from '../../../contracts/money.ts';
import type { RequestOutcome } from '../../outcome.ts';
import { table } from '../../terminal/table.ts';
import { formatTime } from '../../terminal/time.ts';
import { fields } from './fields.ts';
import { newestNote } from './newest.ts';

/** Nodes that the text names; JSON has all of them. */
const MAX_SHOWN_NODES = 4;

/** How a request ended: its cluster, or its failure with all its creations. */
export function outcomeText({ requestId, cluster, failure, receipt }: RequestOutcome): string {
  if (cluster) return clusterText(cluster);
  const lines = [`${pc.red(failure?.type ?? '')}  ${pc.bold(requestId)}: ${failure?.message ?? ''}`];
  if (receipt && receipt.creations.length > 0) {
    lines.push(receiptText(receipt), ...newestNote(receipt.creations.length, receipt.creationCount).map(pc.dim));
  }
  lines.push(pc.dim(failure?.hint ?? ''));
  return lines.join('\n');
}

function clusterText(cluster: ProvisionedCluster): string {
  const { access } = cluster;
  const nodes = access?.nodes
    .slice(0, MAX_SHOWN_NODES)
    .map(({ nodeId, address }) => `${nodeId} ${address ?? ''}`.trim());
  const rest = (access?.nodeCount ?? 0) - (nodes?.length ?? 0);
  return [
    `${pc.green('ready')}  ${pc.bold(cluster.requestId)} at ${cluster.provider} in ${cluster.region}, ${formatMicros(cluster.hourlyMicros)}/h`,
    ...fields([
      ['cluster', `${cluster.clusterId ?? ''}${cluster.released ? ' (released meanwhile)' : ''}`],
      ['nodes', nodes && access && `${access.nodeCount}: ${nodes.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`],
      ...(access?.login ?? []).map((command) => ['log in', command] as const),
      ['funded until', cluster.leaseUntilMs === null ? null : formatTime(cluster.leaseUntilMs)],
      ['delete it with', cluster.released ? null : pc.cyan(`muster release ${cluster.requestId}`)],
    ]),
  ].join('\n');
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
