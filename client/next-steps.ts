import type { Creation } from '../contracts/creation.ts';
import { isStopped } from './run-phase.ts';
import type { NextStep, RequestReport } from './views.ts';

/** Commands that are safe to run on a request now. The ledger decides: a leased cluster can be released whatever its run did. */
export function nextSteps({ requestId, run, record }: Pick<RequestReport, 'requestId' | 'run' | 'record'>): NextStep[] {
  const step = (command: string, what: string): NextStep => ({ command, what });
  const creation = record?.creations.at(-1);
  const cancel = step(`muster cancel ${requestId}`, 'deletes what it created, and ends it');
  const wait = step(`muster status ${requestId} --wait`, 'waits until it ends');
  const submit = (what: string): NextStep => step('muster submit -f <its file>', what);

  if (creation?.state === 'leased') {
    const release = step(`muster release ${requestId}`, 'deletes its cluster and books the cost');
    const extend = step(
      `muster extend ${requestId} --by 4h`,
      'lets the cluster live longer, and holds the money for it',
    );
    return canExtend(creation) ? [release, extend] : [release];
  }
  if (run !== null && !isStopped(run.run) && run.closedAtMs === null) {
    return run.phase === 'compensating' || record?.cancel != null ? [wait] : [wait, cancel];
  }
  if (creation?.state === 'open') return [submit('continues it'), cancel];
  if (creation?.state === 'closing') return [cancel];
  if (creation?.state === 'released') return [step(`muster budget journal ${creation.team}`, 'shows what it cost')];
  if (record?.cancel != null || run?.phase === 'cancelled') return [];
  if (run?.phase === 'failed' || record?.outcome === 'failed') {
    return [step('muster submit -f <its file> --again', 'tries again; fix the cause first')];
  }
  return [submit('continues it'), cancel];
}

/** A lease without an end needs no extension, and a broken cluster is not worth more time. */
const canExtend = ({ terms, condition }: Creation): boolean =>
  terms.durationMs !== null && condition !== 'failed' && condition !== 'gone';
