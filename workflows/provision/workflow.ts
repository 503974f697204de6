import {
  CancellationScope,
  continueAsNew,
  defineQuery,
  defineSignal,
  log,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { ProvisionedCluster } from '../../contracts/cluster.ts';
import { MESSAGES, type HintSignal, type RequestStatus } from '../../contracts/messages.ts';
import type { Plan } from '../../contracts/plan.ts';
import { common } from '../activity-options.ts';
import { asApplicationFailure, failureOf } from '../failures.ts';
import { conclude } from './conclude.ts';
import { decide } from './decide.ts';
import type { StepEvent } from './events.ts';
import { Hints } from './hints.ts';
import { RequestPage } from './page.ts';
import { initialState, isEnd } from './state.ts';
import { perform } from './steps.ts';

const statusQuery = defineQuery<RequestStatus | null>(MESSAGES.status.name);
const hintSignal = defineSignal<[HintSignal]>(MESSAGES.hint.name);

/** One request, from what a caller asks to a leased cluster, or to the proof that nothing of it is left. */
export async function provisionCluster(request: unknown): Promise<ProvisionedCluster> {
  let status: RequestStatus | null = null;
  setHandler(statusQuery, () => status, MESSAGES.status);
  const hints = new Hints();
  const onHint = (hint: HintSignal): void => {
    hints.add(hint);
  };
  setHandler(hintSignal, onHint, MESSAGES.hint);

  const plan = await planRequest(request);
  const page = new RequestPage();
  let state = initialState(plan);
  status = page.show(plan, state);

  // Once a run has seen the cancel, nothing that follows is interrupted by it again.
  let cancelSeen = false;
  while (!isEnd(state)) {
    const step = state;
    const run = (): Promise<StepEvent> => perform(step, { plan, hints });
    const event: StepEvent = cancelSeen ? await CancellationScope.nonCancellable(run) : await run();
    cancelSeen ||= event.type === 'cancelRequested';
    // Between two rounds a request owns nothing, so a long history can end here: the next run plans the request again.
    if (event.type === 'pauseOver' && workflowInfo().continueAsNewSuggested) {
      await continueAsNew<typeof provisionCluster>(request);
    }
    state = decide(step, event);
    log.info('request moved', { requestId: plan.requestId, from: step.at, event: event.type, to: state.at });
    status = page.show(plan, state);
  }
  return conclude(plan, state, page.timeline);
}

/** Parses and prices the request. Nothing is reserved yet, so a failure here ends the request. */
async function planRequest(request: unknown): Promise<Plan> {
  try {
    return await common('Check and price the request').plan(request);
  } catch (error) {
    throw asApplicationFailure(failureOf(error));
  }
}
