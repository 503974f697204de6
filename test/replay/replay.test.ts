import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { DeterminismViolationError } from '@temporalio/workflow';
import { Worker } from '@temporalio/worker';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { createLogger } from '../../platform/logger.ts';
import { installRuntime } from '../../workers/runtime.ts';

const FOLDER = path.join(import.meta.dirname, 'histories');
/** A folder for each version: runs of a released version go on with the present code. */
const NAMES = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.slice(0, -'.json'.length));
const historyOf = (name: string) =>
  historyFromJSON(JSON.parse(readFileSync(path.join(FOLDER, `${name}.json`), 'utf8')));

beforeAll(() => {
  installRuntime(createLogger('silent'));
});

describe('a recorded history', () => {
  it.each(NAMES)('of %s replays', async (name) => {
    await Worker.runReplayHistory({ workflowBundle: { codePath: inject('workflowBundlePath') } }, historyOf(name));
  });

  it('is refused by a changed workflow', async () => {
    const code = readFileSync(inject('workflowBundlePath'), 'utf8');
    const changed = code.replaceAll('{ createCluster }', '{ removeLateCluster: createCluster }');
    expect(changed).not.toBe(code);
    const codePath = `${inject('workflowBundlePath')}.changed.js`;
    await writeFile(codePath, changed);
    await expect(Worker.runReplayHistory({ workflowBundle: { codePath } }, historyOf('0.1/ready'))).rejects.toThrow(
      DeterminismViolationError,
    );
  });
});
