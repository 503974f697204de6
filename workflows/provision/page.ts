import { setCurrentDetails } from '@temporalio/workflow';
import type { TimelineEntry } from '../../contracts/cluster.ts';
import type { RequestStatus } from '../../contracts/messages.ts';
import { formatUsd } from '../../contracts/money.ts';
import type { Plan } from '../../contracts/plan.ts';
import { showAttributes } from '../attributes.ts';
import { creationOf, phaseOf, type State } from './state.ts';

/** Lines of the timeline that the page shows: current details ride in an address and must stay short (policy). */
const SHOWN_ENTRIES = 8;

/** What a request's page in the Web UI says: attributes for lists, current details for its story. */
export class Page {
  readonly timeline: TimelineEntry[] = [];
  private shown = '';

  /** Shows a state; attributes are sent only when they change, since each upsert is an event. */
  show(plan: Plan, state: State): RequestStatus {
    this.timeline.push({ atMs: Date.now(), what: storyOf(state) });
    const status = statusOf(plan, state, this.timeline);
    setCurrentDetails(details(plan, status, this.timeline));
    const creation = status.creation;
    // Between two rounds it is at no place; else it is still, or soon again, where it last was.
    const nowhere = state.at === 'pausing' ? null : undefined;
    const attributes = {
      MusterPhase: status.phase,
      MusterTeam: plan.team,
      MusterProvider: creation?.provider ?? nowhere,
      MusterRegion: creation?.region ?? nowhere,
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
  const waits = state.at === 'creating' || state.at === 'waiting';
  return {
    requestId: plan.requestId,
    phase: phaseOf(state),
    creation,
    readyDeadlineMs: waits && creation ? creation.openedAtMs + creation.readyTimeoutMs : null,
    placementIndex: creation?.placementIndex ?? state.progress.placementIndex,
    placements: plan.placements.length,
    failure:
      'failure' in state
        ? state.failure
        : ((state.progress.skipped.at(-1) as RequestStatus['failure'] | undefined) ?? null),
    skipped: state.progress.skipped,
    timeline: [...timeline],
  };
}

function storyOf(state: State): string {
  const key = creationOf(state)?.key ?? '';
  switch (state.at) {
    case 'opening':
      return `opens a creation at placement ${state.progress.placementIndex + 1}`;
    case 'pausing':
      return 'all placements were refused: waits, then tries them again';
    case 'creating':
      return `creates ${key}`;
    case 'waiting':
      return `waits until ${state.clusterId} is usable`;
    case 'leasing':
      return 'the cluster is usable';
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

function details(plan: Plan, status: RequestStatus, timeline: readonly TimelineEntry[]): string {
  const { creation } = status;
  const lines = [
    `**${status.phase}** · placement ${status.placementIndex + 1} of ${status.placements} · team ${plan.team}`,
  ];
  if (creation) {
    lines.push(
      `\`${creation.key}\` at ${creation.provider} in ${creation.region} · ${formatUsd(creation.hourlyMicros)}/h · ` +
        `${formatUsd(creation.holdMicros)} held`,
    );
  }
  if (status.readyDeadlineMs !== null) lines.push(`must be ready by ${new Date(status.readyDeadlineMs).toISOString()}`);
  if (status.failure) lines.push(`**${status.failure.type}**: ${status.failure.message.slice(0, 300)}`);
  lines.push(
    timeline
      .slice(-SHOWN_ENTRIES)
      .map(({ atMs, what }) => `- ${new Date(atMs).toISOString()} ${what}`)
      .join('\n'),
  );
  return lines.join('\n\n');
}
