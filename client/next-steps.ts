import type { Creation } from '../contracts/creation.ts';
import { isStopped } from './run-phase.ts';
import type { NextStep, RequestReport } from './views.ts';

/** What one may do about a request. The ledger rules: a cluster that lives is released whatever its run came to. */
export function nextSteps({ requestId, run, record }: Pick<RequestReport, 'requestId' | 'run' | 'record'>): NextStep[] {
  const step = (command: string, what: string): NextStep => ({ command, what });
  const creation = record?.creations.at(-1);
  const cancel = step(`muster cancel ${requestId}`, 'makes absent what was made, and ends it');
  const wait = step(`muster status ${requestId} --wait`, 'waits for its end');
  const submit = (what: string): NextStep => step('muster submit -f <its file>', what);

  if (creation?.state === 'leased') {
    const release = step(`muster release ${requestId}`, 'deletes its cluster and books the cost');
    const extend = step(`muster extend ${requestId} --by 4h`, 'lets it live longer, and holds the money for that');
    return canExtend(creation) ? [release, extend] : [release];
  }
  if (run !== null && !isStopped(run.run) && run.closedAtMs === null) {
    return run.phase === 'compensating' || record?.cancel != null ? [wait] : [wait, cancel];
  }
  if (creation?.state === 'open') return [submit('goes on where it stood'), cancel];
  if (creation?.state === 'closing') return [cancel];
  if (creation?.state === 'released') return [step(`muster budget journal ${creation.team}`, 'shows what it cost')];
  if (record?.cancel != null || run?.phase === 'cancelled') return [];
  if (run?.phase === 'failed' || record?.outcome === 'failed') {
    return [step('muster submit -f <its file> --again', 'tries again, once the cause is mended')];
  }
  return [submit('goes on where it stood'), cancel];
}

/** A lease without an end needs no other; a cluster that is lost is not worth more time. */
const canExtend = ({ terms, condition }: Creation): boolean =>
  terms.durationMs !== null && condition !== 'failed' && condition !== 'gone';
