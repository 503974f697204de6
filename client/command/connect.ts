import type { Client } from '@temporalio/client';
import { connectClient } from '../../platform/connection.ts';
import { UnreachableError } from '../errors.ts';
import { createMuster, type Muster } from '../muster.ts';
import type { Target } from './target.ts';

/** Connects to a command's target. The caller closes the client's connection. @throws UnreachableError */
export async function connect(target: Target): Promise<{ client: Client; muster: Muster }> {
  try {
    const client = await connectClient(target);
    return { client, muster: createMuster(client, target) };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new UnreachableError(
      'unreachable',
      `no answer from Temporal at ${target.address} (${target.from}): ${text}`,
      'Start the local stack with npm start, or set TEMPORAL_ADDRESS.',
      { cause: error, next: 'muster doctor' },
    );
  }
}
