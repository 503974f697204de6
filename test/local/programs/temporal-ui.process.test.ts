import path from 'node:path';
import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { versionOf } from '../../../local/processes/executables.ts';
import { findTemporalUi } from '../../../local/programs/temporal-ui.ts';
import { machine, scratchFolder } from '../scratch.ts';

/** Needs Go and its module proxy, like a start without a cache. */
it('builds the pinned Web UI from its published module', async () => {
  const cacheDir = scratchFolder('cache with space');
  const notes: string[] = [];
  const found = await findTemporalUi({ ...machine, cacheDir }, ({ note }) => notes.push(note));
  expect(await versionOf(found)).toBe('Temporal UI version 2.54.1');
  expect(notes).toEqual(['building from source, up to a minute the first time']);
  expect(readdirSync(path.dirname(found))).toEqual(['server']);
}, 360_000);
