import { CancellationScope, isCancellation } from '@temporalio/workflow';
import type { Creation } from '../../contracts/creation.ts';
import type { Failure } from '../../contracts/failures.ts';
import { atProvider } from '../activity-options.ts';
import { failureOf } from '../failures.ts';
import type { LeaseEvent } from './events.ts';

/**
 * A lease's steps at its provider. They run beside the loop of the lease and report what they came to as events, so a
 * provider that does not answer delays neither a release nor an end nor the next slice.
 */
export class ProviderSteps {
  private readonly scope = new CancellationScope();
  private readonly report: (event: LeaseEvent) => void;

  constructor(report: (event: LeaseEvent) => void) {
    this.report = report;
  }

  inspect({ key, clusterId, provider }: Creation): void {
    this.report({ type: 'inspectionStarted' });
    const { inspectCluster } = atProvider(provider, 'inspection', `Inspect ${key}`);
    this.run(
      () => inspectCluster({ key, clusterId: clusterId ?? '' }),
      (seen) => ({ type: 'inspected', seen }),
      (failure) => ({ type: 'inspectionFailed', failure }),
    );
  }

  moveExpiry({ key, clusterId, provider }: Creation): void {
    this.report({ type: 'moveStarted' });
    const { moveExpiry } = atProvider(provider, 'expiryMove', `Let ${key} live as long as its lease`);
    this.run(
      () => moveExpiry({ key, clusterId: clusterId ?? '' }),
      () => ({ type: 'moved' }),
      (failure) => ({ type: 'moveFailed', failure }),
    );
  }

  /** Cancels the steps under way. They report nothing more. */
  stop(): void {
    this.scope.cancel();
  }

  private run<T>(
    step: () => Promise<T>,
    onSuccess: (value: T) => LeaseEvent,
    onFailure: (failure: Failure) => LeaseEvent,
  ): void {
    void this.scope
      .run(step)
      .then(onSuccess, (error: unknown) => (isCancellation(error) ? null : onFailure(failureOf(error))))
      .then((event) => {
        if (event !== null) this.report(event);
      });
  }
}
