import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SIMULATOR_NAMES } from '../../simulators/index.ts';
import { DRIVERS } from './drivers.ts';
import { PersistentFixture } from './persistent-fixture.ts';

const HOUR_MS = 3_600_000;

describe.each(SIMULATOR_NAMES)('%s', (name) => {
  const { region, createCall, listCall, start } = DRIVERS[name];
  const persistent = new PersistentFixture((folder) => start({ folder }));
  const control = () => persistent.fixture.control;
  const create = (cluster: string) => persistent.fixture.create(cluster);

  it('goes on after a restart as if it had kept running', async () => {
    await create('one');
    await control().addFaults({ operation: listCall, times: 3, fault: { kind: 'throttle' } });
    await control().advance(HOUR_MS);
    const before = [await control().clusters(), await control().journal(), await control().faults()];
    await persistent.restart();
    expect([await control().clusters(), await control().journal(), await control().faults()]).toEqual(before);
    const nowMs = await control().nowMs();
    expect(nowMs - Date.now()).toBeGreaterThan(0.9 * HOUR_MS);
  });

  it('remembers a late cluster through a restart', async () => {
    await control().addFaults({ operation: createCall, fault: { kind: 'late-cluster', afterMs: HOUR_MS } });
    await expect(create('late')).rejects.toThrow();
    await persistent.restart();
    expect(await control().clusters()).toEqual([]);
    await control().advance(HOUR_MS);
    const [call] = await control().journal(createCall);
    expect(await control().clusters()).toMatchObject([{ name: 'late', createdByCall: call?.requestId }]);
  });

  it('has every cluster on disk before its caller gets an answer', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `cluster-${index}-x`);
    await Promise.all(names.map(create));
    const state = await readFile(join(persistent.folder, name, 'state.json'), 'utf8');
    expect(names.filter((cluster) => !state.includes(`"${cluster}"`))).toEqual([]);
    const ids = (await control().clusters()).map(({ id }) => id);
    expect(new Set(ids).size).toBe(names.length);
  });

  it('reads a journal whose last line is incomplete after a kill', async () => {
    await create('one');
    const journal = join(persistent.folder, name, 'journal.jsonl');
    await persistent.restart(() => appendFile(journal, '{"receivedAtMs":17'));
    await create('two');
    expect((await control().journal()).map(({ operation }) => operation)).toEqual([createCall, createCall]);
    const lines = (await readFile(journal, 'utf8')).trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { operation: string }).operation)).toEqual([
      createCall,
      createCall,
    ]);
  });

  it('refuses to start on a state that it cannot read, and names the file', async () => {
    const file = join(persistent.folder, name, 'state.json');
    await create('one');
    await persistent.stop();
    await appendFile(file, '}');
    await expect(start({ folder: persistent.folder })).rejects.toThrow(file);
  });

  it('clears the parts that are named, or everything', async () => {
    await create('one');
    await control().seedCluster({ region, name: 'two' });
    await control().vanish({ region, name: 'two' });
    await control().clear('journal');
    expect(await control().journal()).toEqual([]);
    await control().clear('gone-clusters');
    expect((await control().clusters()).map((cluster) => cluster.name)).toEqual(['one']);
    await control().addFaults({ operation: '*', fault: { kind: 'throttle' } });
    await control().clear('live-clusters');
    expect(await control().clusters()).toEqual([]);
    expect(await control().faults()).toHaveLength(1);
    await control().clear();
    await persistent.restart();
    expect([await control().clusters(), await control().faults(), await control().journal()]).toEqual([[], [], []]);
  });

  it('seeds a cluster of another owner, sets its status, and removes it', async () => {
    const seeded = await control().seedCluster({ region, name: 'theirs', nodes: 2 });
    expect(seeded).toMatchObject({ name: 'theirs', region, nodes: 2, createdByCall: null, goneAtMs: null });
    expect(await control().clusters({ live: true })).toEqual([seeded]);
    await control().setStatus({ region, name: 'theirs', status: 'Hibernating' });
    expect(await control().clusters()).toMatchObject([{ status: 'Hibernating' }]);
    await control().vanish({ region, name: 'theirs' });
    expect(await control().clusters()).toMatchObject([{ id: seeded.id, status: 'Gone' }]);
    expect(await control().clusters({ live: true })).toEqual([]);
    const missing = { region, name: 'theirs' };
    await expect(control().vanish(missing)).rejects.toThrow('There is no cluster theirs');
    await expect(control().setStatus({ ...missing, status: 'x' })).rejects.toThrow('There is no cluster theirs');
    await expect(control().setRunningNodes({ ...missing, nodes: 1 })).rejects.toThrow('There is no cluster theirs');
  });

  it('gives the same ids for the same seed, and others for another', async () => {
    const idWith = async (seed: string) => {
      const other = await start({ seed });
      const { id } = await other.control.seedCluster({ region, name: 'a' });
      await other.close();
      return id;
    };
    const id = await idWith('x');
    expect(await idWith('x')).toBe(id);
    expect(await idWith('y')).not.toBe(id);
  });
});
