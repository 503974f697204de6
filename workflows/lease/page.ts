import { setCurrentDetails } from '@temporalio/workflow';
import type { Creation } from '../../contracts/creation.ts';
import { formatUsd } from '../../contracts/money.ts';
import type { LeasePhase } from '../../contracts/phases.ts';
import { showAttributes } from '../attributes.ts';
import { isLedgerBehind, isOpenEnded, type LeaseState } from './state.ts';
import { closingPhase, leaseStatus } from './status.ts';

/** Longest provider text that a page repeats, characters. The Web UI puts current details into a URL (policy). */
const MAX_TEXT = 300;

/** A lease's page in the Web UI: search attributes for lists, current details for its state. */
export class LeasePage {
  private shown = '';

  /** Shows a live lease. */
  show(state: LeaseState): void {
    const { creation, releaseOrder, trouble } = state;
    const { phase, reason, note } = leaseStatus(state);
    this.set(creation, phase, reason, [
      untilText(state),
      conditionText(creation),
      note,
      releaseOrder === null ? '' : `${releaseOrder.who} has ordered the release.`,
      troubleText("the provider's own expiry is not moved", trouble.move),
      troubleText('inspection fails', trouble.inspection),
    ]);
  }

  /** Shows a lease whose release has started. */
  showClosing(creation: Creation, why: string, note = ''): void {
    const cost = creation.costMicros === null ? '' : `cost ${formatUsd(creation.costMicros)}`;
    this.set(creation, closingPhase(creation), why, [cost, note]);
  }

  /** Attributes are sent only when they change, because each upsert is an event in the history. */
  private set(creation: Creation, phase: LeasePhase, reason: string | null, lines: readonly string[]): void {
    const { key, provider, region, hourlyMicros } = creation;
    const head = `**${phase}**${reason === null ? '' : ` · ${reason}`} · \`${key}\` at ${provider} in ${region} · ${formatUsd(hourlyMicros)}/h`;
    setCurrentDetails([head, ...lines.filter((line) => line !== '')].join('\n\n'));
    const attributes = {
      MusterPhase: phase,
      MusterTeam: creation.team,
      MusterProvider: provider,
      MusterRegion: region,
      MusterReason: reason,
      MusterClusterId: creation.clusterId,
    };
    const now = JSON.stringify(attributes);
    if (now !== this.shown) showAttributes(attributes);
    this.shown = now;
  }
}

const troubleText = (what: string, cause: string | null): string =>
  cause === null ? '' : `${what}: ${cause.slice(0, MAX_TEXT)}`;

function untilText(state: LeaseState): string {
  const { leaseUntilMs } = state.creation;
  if (leaseUntilMs === null) return '';
  const funded = `funded until ${new Date(leaseUntilMs).toISOString()}`;
  if (isOpenEnded(state)) return `no end, ${funded}`;
  return `ends at ${new Date(state.promisedUntilMs).toISOString()}${isLedgerBehind(state) ? `, ${funded}` : ''}`;
}

function conditionText({ condition, conditionText: words, conditionAtMs }: Creation): string {
  if (condition === null) return '';
  const since = conditionAtMs === null ? '' : ` since ${new Date(conditionAtMs).toISOString()}`;
  return `${condition}${since}${words ? `: ${words.slice(0, MAX_TEXT)}` : ''}`;
}
