import { expect, it } from 'vitest';
import type { Workflows } from '../../contracts/messages.ts';
import { OPERATIONS } from '../../contracts/operations.ts';
import * as workflows from '../../workflows/index.ts';

/** The compiler checks that every declared workflow exists with its declared type. */
const all: Workflows = workflows;

it('exports a workflow for each operation that is not a single activity, and no other', () => {
  const operations = Object.entries(OPERATIONS).flatMap(([name, declared]) => ('activity' in declared ? [] : [name]));
  const owners = ['provisionCluster', 'leaseCluster', 'cleanupCreation', 'monitorRegion'];
  expect(Object.keys(all).toSorted()).toEqual([...owners, ...operations, 'runOperation'].toSorted());
});
