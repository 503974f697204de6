import { setCurrentDetails } from '@temporalio/workflow';
import type { TimelineEntry } from '../../contracts/cluster.ts';
import { isFailureType, type Failure } from '../../contracts/failures.ts';
import type { RequestStatus } from '../../contracts/messages.ts';
import { formatUsd } from '../../contracts/money.ts';
import type { Plan } from '../../contracts/plan.ts';
import { showAttributes } from '../attributes.ts';
import { creationOf, phaseOf, type State } from './state.ts';

/** Timeline entries that the page shows. The Web UI puts current details into a URL, so they must stay short (policy). */
const SHOWN_ENTRIES = 8;

/** Longest failure text that the page shows, characters, for the same reason (policy). */
const SHOWN_FAILURE_CHARS = 300;

/** A request's page in the Web UI: search attributes for lists, current details for its timeline. */
export class RequestPage {
  readonly timeline: TimelineEntry[] = [];
  private shown = '';

  /** Shows a state. Attributes are sent only when they change, because each upsert is an event in the history. */
  show(plan: Plan, state: State): RequestStatus {
    this.timeline.push({ atMs: Date.now(), what: timelineText(state) });
    const status = statusOf(plan, state, this.timeline);
    setCurrentDetails(detailsText(plan, status));
    const { creation } = status;
    // Between two rounds a request has no location. In all other states without a creation the last one still fits.
    const noLocation = state.at === 'pausing' ? null : undefined;
    const attributes = {
      MusterPhase: status.phase,
      MusterTeam: plan.team,
      MusterProvider: creation?.provider ?? noLocation,
      MusterRegion: creation?.region ?? noLocation,
      MusterReason: status.failure?.type,
      MusterClusterId: 'clusterId' in state ? state.clusterId : (creation?.clusterId ?? undefined),
    };
    const now = JSON.stringify(attributes);
    if (now !== this.shown) showAttributes(attributes);
    this.shown = now;
    return status;
  }
}

/** The answer of the query `status`. */
function statusOf(plan: Plan, state: State, timeline: readonly TimelineEntry[]): RequestStatus {
  const creation = creationOf(state);
  const hasDeadline = state.at === 'creating' || state.at === 'waiting';
  return {
    requestId: plan.requestId,
    phase: phaseOf(state),
    creation,
    readyDeadlineMs: hasDeadline && creation ? creation.openedAtMs + creation.readyTimeoutMs : null,
    placementIndex: creation?.placementIndex ?? state.progress.placementIndex,
    placements: plan.placements.length,
    failure: 'failure' in state ? state.failure : lastSkipFailure(state),
    skipped: state.progress.skipped,
    timeline: [...timeline],
  };
}

function lastSkipFailure({ progress }: State): Failure | null {
  const last = progress.skipped.at(-1);
  return last !== undefined && isFailureType(last.type) ? { type: last.type, message: last.message } : null;
}

function timelineText(state: State): string {
  const key = creationOf(state)?.key ?? '';
  switch (state.at) {
    case 'opening':
      return `opens a creation at placement ${state.progress.placementIndex + 1}`;
    case 'pausing':
      return 'no placement gave a cluster: waits, then tries them again';
    case 'creating':
      return `creates ${key}`;
    case 'waiting':
      return `waits until ${state.clusterId} is ready`;
    case 'leasing':
      return 'the cluster is ready';
    case 'refusing':
      return `refused: ${state.failure.type}`;
    case 'recordingCancel':
      return 'cancel requested';
    case 'closing':
      return `closes ${key}: ${state.why}`;
    case 'makingAbsent':
      return `makes ${key} absent`;
    case 'settling':
      return `${key} is proven absent`;
    case 'endingFailed':
    case 'endingCancelled':
      return 'ends';
    case 'ready':
      return state.creation.state === 'leased' ? 'leased' : `was leased; now ${state.creation.state}`;
    case 'failed':
      return `failed: ${state.failure.type}`;
    case 'cancelled':
      return 'cancelled';
  }
}

function detailsText(plan: Plan, status: RequestStatus): string {
  const { creation, failure, readyDeadlineMs, timeline } = status;
  const lines = [
    `**${status.phase}** · placement ${status.placementIndex + 1} of ${status.placements} · team ${plan.team}`,
  ];
  if (creation) {
    lines.push(
      `\`${creation.key}\` at ${creation.provider} in ${creation.region} · ${formatUsd(creation.hourlyMicros)}/h · ` +
        `${formatUsd(creation.holdMicros)} held`,
    );
  }
  if (readyDeadlineMs !== null) lines.push(`must be ready by ${new Date(readyDeadlineMs).toISOString()}`);
  if (failure) lines.push(`**${failure.type}**: ${failure.message.slice(0, SHOWN_FAILURE_CHARS)}`);
  const entries = timeline.slice(-SHOWN_ENTRIES);
  lines.push(entries.map(({ atMs, what }) => `- ${new Date(atMs).toISOString()} ${what}`).join('\n'));
  return lines.join('\n\n');
}
