import { patched, setCurrentDetails } from '@temporalio/workflow';
import type { Creation } from '../../contracts/creation.ts';
import { formatUsd } from '../../contracts/money.ts';
import { showAttributes } from '../attributes.ts';
import { shownOf } from './shown.ts';
import { isOpenEnded, isLedgerBehind, NO_TROUBLE, type LeaseState, type Trouble } from './state.ts';

/** Longest text of a provider that a page repeats, characters: current details ride in an address (policy). */
const MAX_TEXT = 300;

/** What a lease's page in the Web UI says: attributes for lists, current details for its story. */
export class Page {
  private shown = '';

  /** The lease as it lives. */
  show(life: LeaseState): void {
    const { creation, order, trouble } = life;
    const { phase, reason, note } = shownOf(listsTrouble(trouble) ? life : { ...life, trouble: NO_TROUBLE });
    this.set(creation, phase, reason, [
      untilText(life),
      conditionText(creation),
      note,
      order === null ? '' : `${order.who} has ordered its release.`,
      troubleText("the provider's own expiry is not moved", trouble.move),
      troubleText('looks fail', trouble.look),
    ]);
  }

  /** The lease as it ends: `releasing`, or the end that its creation has come to. */
  showEnding(creation: Creation, phase: string, why: string, note = ''): void {
    const cost = creation.costMicros === null ? '' : `cost ${formatUsd(creation.costMicros)}`;
    this.set(creation, phase, why, [cost, note]);
  }

  /** Attributes are sent only when they change, since each upsert is an event. */
  private set(creation: Creation, phase: string, reason: string | null, lines: readonly string[]): void {
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

/** Runs of before lists showed trouble sent no attribute for it; asked only where there is some, since it is an event. */
const listsTrouble = ({ look, move }: Trouble): boolean => (look !== null || move !== null) && patched('lists-trouble');

const troubleText = (what: string, why: string | null): string =>
  why === null ? '' : `${what}: ${why.slice(0, MAX_TEXT)}`;

function untilText(life: LeaseState): string {
  const { leaseUntilMs } = life.creation;
  if (leaseUntilMs === null) return '';
  const funded = `funded until ${new Date(leaseUntilMs).toISOString()}`;
  if (isOpenEnded(life)) return `no end, ${funded}`;
  return `ends at ${new Date(life.promisedUntilMs).toISOString()}${isLedgerBehind(life) ? `, ${funded}` : ''}`;
}

function conditionText({ condition, conditionText: words, conditionAtMs }: Creation): string {
  if (condition === null) return '';
  const since = conditionAtMs === null ? '' : ` since ${new Date(conditionAtMs).toISOString()}`;
  return `${condition}${since}${words ? `: ${words.slice(0, MAX_TEXT)}` : ''}`;
}
