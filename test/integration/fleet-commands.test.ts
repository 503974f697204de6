import { randomBytes } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createPrompt } from '../../client/command/confirm.ts';
import { rebuild } from '../../client/command/rebuild.ts';
import { OrderRefusedError } from '../../client/errors.ts';
import type { Creation } from '../../contracts/creation.ts';
import type { Stray } from '../../contracts/findings.ts';
import { leaseWorkflowId } from '../../contracts/ids.ts';
import type { ClusterList, Trace } from '../../contracts/reports.ts';
import { command, type CommandResult } from '../setup/command.ts';
import { createHarness, type Harness } from '../setup/harness.ts';
import { untilClosed } from '../setup/workflow-runs.ts';
import { aRequest } from '../builders/request.ts';
import { until } from '../setup/until.ts';
import { loseRequest } from '../setup/lose-rows.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness();
});
afterAll(() => harness.stop());

const HOUR_MS = 3_600_000;

/** Runs the command against the harness's namespace. */
const muster = (...args: string[]): Promise<CommandResult> =>
  command(args, {
    TEMPORAL_ADDRESS: inject('temporalAddress'),
    TEMPORAL_NAMESPACE: harness.client.options.namespace,
  });

const jsonOf = ({ stdout }: CommandResult): unknown => JSON.parse(stdout);

/** The creation of a ready request with a team of its own. */
async function ready(requestId: string, region: string, more: object = {}): Promise<Creation> {
  await harness.ledger.setBudget(requestId, 'total', 1_000_000_000_000, 'test');
  const price = { hourlyPriceMicros: 2_000_000 };
  const request = aRequest(requestId, [region], { team: requestId, ...more });
  await harness.muster.submit({ ...request, placements: request.placements.map((each) => ({ ...each, ...price })) });
  await harness.muster.result(requestId);
  return current(requestId);
}

async function current(requestId: string): Promise<Creation> {
  const { creation } = await harness.ledger.readRequest(requestId);
  if (creation === null) throw new Error(`${requestId} has no creation`);
  return creation;
}

/** A cluster name of this installation that its ledger does not know. */
async function lostName(): Promise<string> {
  const { rows } = await harness.db.admin.query<{ id: string }>('select id from muster.installation');
  const letters = [...randomBytes(26)].map((byte) => 'abcdefghijklmnopqrstuvwxyz234567'[byte % 32]);
  return `mu-${rows[0]?.id ?? ''}-${letters.join('')}`;
}

/** A live cluster that Temporal knows and that the ledger has lost. */
async function lost(requestId: string, region: string): Promise<{ creation: Creation; stray: Stray }> {
  const creation = await ready(requestId, region);
  // Visibility shows the lease a moment later.
  const { key, clusterId } = creation;
  const trace = () => harness.muster.trace({ key, clusterId: clusterId ?? '' });
  expect(await until(trace, { what: 'a trace' })).toMatchObject({ key, clusterId, creation: { requestId } });
  await loseRequest(harness.db, creation);
  const { strays } = await harness.muster.strays([{ provider: 'sagemaker', region }]);
  const [stray] = strays;
  if (stray === undefined) throw new Error('no stray was found');
  expect(stray).toMatchObject({ clusterId, name: key, hourlyMicros: expect.any(Number) as number });
  return { creation, stray };
}

describe('clusters', () => {
  it('are listed while they exist, by team and provider, with their total price', async () => {
    await ready('lives', 'us-west-2');
    await ready('goes', 'us-west-2');
    const { code, stdout } = await muster('clusters', '--team', 'lives', '--provider', 'sagemaker');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^lives +lives +sagemaker us-west-2 +\$2\.00 +leased .* ends in (1 h|60 min|59 min) /m);
    expect(stdout).toMatch(/\n1 cluster, \$2\.00\/h\n$/);
    expect((await muster('clusters', '--team', 'lives', '--provider', 'tensorpool')).stdout).toMatch(
      /^No live clusters/,
    );

    await harness.muster.release('goes');
    await untilClosed(harness.client, leaseWorkflowId('goes', 1));
    const { clusters } = jsonOf(await muster('--json', 'clusters')) as ClusterList;
    const ids = clusters.map(({ creation }) => creation.requestId);
    expect(ids).toContain('lives');
    expect(ids).not.toContain('goes');
  });

  it('live longer when they are extended, and their hold grows', async () => {
    const before = await ready('longer', 'us-west-2');
    const { code, stdout } = await muster('extend', 'longer', '--by', '2h');
    expect(code).toBe(0);
    const after = await current('longer');
    expect((after.leaseUntilMs ?? 0) - (before.leaseUntilMs ?? 0)).toBe(2 * HOUR_MS);
    expect(after.holdMicros - before.holdMicros).toBe(4_000_000);
    expect(stdout).toMatch(/^longer +extended\n +ends +20\S+ \S+Z, in .*\n +held +\$\S+, \$4\.00 more than before\n$/);

    const untilMs = Math.ceil(Date.now() / 60_000) * 60_000 + 24 * HOUR_MS;
    const ended = await muster('--json', 'extend', 'longer', '--until', new Date(untilMs).toISOString());
    expect(jsonOf(ended)).toMatchObject({ outcome: 'extended', creation: { leaseUntilMs: untilMs } });
    expect((await muster('describe', 'longer')).stdout).toContain('muster extend longer --by 4h');
  });

  it('are not extended beyond the budget or without an end, and the error says what to do', async () => {
    const before = await ready('poor', 'us-west-2');
    await harness.ledger.setBudget('poor', 'total', before.holdMicros, 'test');
    expect(await muster('extend', 'poor', '--by', '1d')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/not extended[\s\S]*limit\.\nnext: muster budget show\n$/) as string,
    });
    expect(await current('poor')).toMatchObject({ leaseUntilMs: before.leaseUntilMs, holdMicros: before.holdMicros });

    await ready('endless', 'us-west-2', { durationMs: undefined });
    expect((await muster('clusters', '--team', 'endless')).stdout).toContain('funded until');
    await expect(harness.muster.extend('endless', { byMs: HOUR_MS })).rejects.toBeInstanceOf(OrderRefusedError);
  });

  it('that do not exist are not extended', async () => {
    expect(await muster('extend', 'nonexistent', '--by', '1h')).toMatchObject({ code: 2 });
    await expect(harness.muster.extend('nonexistent', { byMs: HOUR_MS })).rejects.toThrow('no ready cluster');
    await expect(harness.muster.extend('nonexistent', { byMs: 0.5 })).rejects.toThrow('end.byMs');
  });
});

describe('strays', () => {
  it('are listed with their price, apart from clusters of others, and not touched', async () => {
    const region = 'us-west-2';
    const [name, others] = [await lostName(), `mu-zzzzzz-${'a'.repeat(26)}`];
    const seeded = await Promise.all([
      harness.control.seedCluster({ region, name, instanceType: 'ml.g5.xlarge', nodes: 2 }),
      harness.control.seedCluster({ region, name: others }),
      harness.control.seedCluster({ region, name: 'not-ours' }),
    ]);
    const { code, stdout } = await muster('strays', '--location', `sagemaker/${region}`);
    expect(code).toBe(1);
    expect(stdout).toMatch(new RegExp(`^sagemaker +${region} +\\S+ +${name} +ready +\\S+ s +\\$2\\.42 +`, 'm'));
    expect(stdout).toMatch(/\n1 stray, \$2\.42\/h not covered by a hold\n1 cluster of another installation\.\n/);
    const deletes = JSON.stringify(await harness.control.journal('DeleteCluster'));
    for (const { id } of seeded) expect(deletes).not.toContain(id);
    const live = (await harness.control.clusters({ live: true })).map(({ id }) => id);
    expect(live).toEqual(expect.arrayContaining(seeded.map(({ id }) => id)));
  });

  it('exit with 0 when there are none', async () => {
    expect(await muster('strays', '--location', 'sagemaker/eu-north-1')).toEqual({
      code: 0,
      stdout: 'No strays in sagemaker eu-north-1.\n',
      stderr: '',
    });
  });

  it('are searched also in default regions where the ledger has no creations', async () => {
    const name = await lostName();
    await harness.simulators.control('tensorpool').seedCluster({ region: 'global', name });
    const { strays, searched } = await harness.muster.strays();
    expect(searched).toEqual(expect.arrayContaining([{ provider: 'tensorpool', region: 'global' }]));
    expect(strays.map((stray) => stray.name)).toContain(name);
  });

  it('are not denied for a location that could not be searched', async () => {
    const region = 'eu-west-3';
    await harness.control.addFaults({
      operation: 'ListClusters',
      match: { region },
      times: 'always',
      fault: { kind: 'error', type: 'AccessDeniedException' },
    });
    const { code, stdout } = await muster('strays', '--location', `sagemaker/${region}`);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^No location could be searched\.\nsagemaker in eu-west-3 was not searched: Unauthorized/);
  });
});

describe('an audit', () => {
  it('exits with 0 when all agree, else with 1', async () => {
    const ok = await muster('audit', '--location', 'sagemaker/eu-west-2');
    expect(ok.stdout).toMatch(/✔ ledger\n✔ Temporal\n✔ sagemaker in eu-west-2 [\s\S]*\nAll agree\.\n$/);
    expect(ok.code).toBe(0);

    const region = 'eu-west-2';
    await harness.control.seedCluster({ region, name: await lostName() });
    const failed = await muster('audit', '--location', `sagemaker/${region}`);
    expect(failed.stdout).toMatch(
      /✖ sagemaker in eu-west-2 .*\n +stray: .*Muster does not touch it\n\n1 disagreement\.\n$/,
    );
    expect(failed.code).toBe(1);
    expect(jsonOf(await muster('--json', 'audit', '--location', `sagemaker/${region}`))).toMatchObject({
      clean: false,
      ...{ ledger: [], temporal: [], unreachable: [] },
      regions: [{ findings: [{ kind: 'stray' }] }],
    });
  });

  it('restores the row of a lost cluster, and its lease continues', async () => {
    const { creation } = await lost('restored', 'us-east-1');
    const { code, stdout, stderr } = await muster(
      ...['audit', '--rebuild', '--yes', '--location', 'sagemaker/us-east-1', '--json'],
    );
    expect(stderr).toMatch(/request +restored, creation 1\n[\s\S]*Restored: restored is leased/);
    const { rebuilt } = JSON.parse(stdout) as { rebuilt: unknown[] };
    expect(rebuilt).toMatchObject([{ outcome: 'restored', requestId: 'restored', key: creation.key }]);
    expect(code).toBe(0);
    expect(await current('restored')).toMatchObject({ state: 'leased', clusterId: creation.clusterId });
    expect((await harness.muster.strays([{ provider: 'sagemaker', region: 'us-east-1' }])).strays).toEqual([]);
    await harness.muster.release('restored');
    await until(async () => (await current('restored')).state === 'released', { what: 'its release' });
  });

  it('restores nothing without a yes, nothing unknown to Temporal, and nothing twice', async () => {
    const { creation, stray } = await lost('asked', 'us-east-2');
    const { name: key, clusterId } = stray;
    const printed: string[] = [];
    const answering = async (typed: string | null, strays: readonly Stray[]) => {
      const lostClusters = strays.map((each) => ({ clusterId: each.clusterId, key: each.name }));
      const [input, output] = [new PassThrough(), new PassThrough()];
      const prompt = createPrompt({ input, output });
      output.on('data', () => (typed === null ? input.end() : input.write(`${typed}\n`)));
      const print = (text: string): void => void printed.push(text);
      const rebuilt = await rebuild(harness.muster, lostClusters, {
        print,
        confirm: (question) => prompt.confirm(question),
      });
      prompt.close();
      return rebuilt.map(({ outcome }) => outcome);
    };
    const stranger: Stray = { ...stray, clusterId: 'unheard-of', name: await lostName() };
    expect(await answering('n', [stray, stranger])).toEqual(['declined', 'untraced']);
    expect(await answering(null, [stray, stray])).toEqual(['not-asked', 'not-asked']);
    expect((await harness.ledger.readRequest('asked')).creation).toBeNull();

    const trace = (await harness.muster.trace({ key, clusterId })) as Trace;
    expect(await answering('y', [stray])).toEqual(['restored']);
    expect(await current('asked')).toMatchObject({ state: 'leased', key: creation.key });
    expect(await answering('y', [stray])).toEqual(['refused']);
    expect(printed.at(-1)).toContain('the ledger has it already');
    await expect(harness.muster.restore(trace)).rejects.toBeInstanceOf(OrderRefusedError);
  });
});
