import { CancellationScope, isCancellation } from '@temporalio/workflow';
import type { Creation } from '../../contracts/creation.ts';
import type { Failure } from '../../contracts/failures.ts';
import { atProvider } from '../activity-options.ts';
import { failureOf } from '../failures.ts';
import type { Event } from './state.ts';

/**
 * A lease's steps at its provider. They run beside its loop and tell it what they came to: a provider that does not
 * answer holds up neither a release nor an end nor the next slice.
 */
export class AtProvider {
  private readonly scope = new CancellationScope();
  private readonly tell: (event: Event) => void;

  constructor(tell: (event: Event) => void) {
    this.tell = tell;
  }

  look({ key, clusterId, provider }: Creation): void {
    this.tell({ type: 'looking' });
    const { inspectCluster } = atProvider(provider, 'inspection', `Look at ${key}`);
    this.run(
      () => inspectCluster({ key, clusterId: clusterId ?? '' }),
      (seen) => ({ type: 'looked', seen }),
      (failure) => ({ type: 'lookFailed', failure }),
    );
  }

  move({ key, clusterId, provider }: Creation): void {
    this.tell({ type: 'moving' });
    const { moveExpiry } = atProvider(provider, 'leaseMove', `Let ${key} live as long as its lease`);
    this.run(
      () => moveExpiry({ key, clusterId: clusterId ?? '' }),
      () => ({ type: 'moved' }),
      (failure) => ({ type: 'moveFailed', failure }),
    );
  }

  /** What is under way is not wanted any more. */
  stop(): void {
    this.scope.cancel();
  }

  private run<T>(step: () => Promise<T>, done: (value: T) => Event, failed: (failure: Failure) => Event): void {
    void this.scope
      .run(step)
      .then(done, (error: unknown) => (isCancellation(error) ? null : failed(failureOf(error))))
      .then((event) => {
        if (event !== null) this.tell(event);
      });
  }
}
