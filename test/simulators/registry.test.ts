import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { PROVIDER_NAMES } from '../../contracts/providers/registry.ts';
import { projectRoot } from '../../platform/project-root.ts';
import { SIMULATOR_NAMES, startSimulators, type SimulatorsOptions } from '../../simulators/index.ts';

it('every provider has a simulator, in the same order', () => {
  expect(SIMULATOR_NAMES).toEqual(PROVIDER_NAMES);
});

it('every folder of a provider is in the registry', () => {
  const folders = readdirSync(path.join(projectRoot(), 'simulators'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'core')
    .map(({ name }) => name);
  expect(folders.toSorted()).toEqual([...SIMULATOR_NAMES].toSorted());
});

it.each(['simulators/index.ts', 'simulators/main.ts', 'deploy/simulators.mjs', 'local/stack.ts'])(
  '%s names no provider: it loops over the registry',
  (file) => {
    const source = readFileSync(path.join(projectRoot(), file), 'utf8').toLowerCase();
    expect(SIMULATOR_NAMES.filter((name) => source.includes(name))).toEqual([]);
  },
);

it('refuses options and questions about a provider that has no simulator', async () => {
  const unknown = { nimbus: {} } as SimulatorsOptions;
  await expect(startSimulators(unknown)).rejects.toThrow('No simulator is called "nimbus".');
  const simulators = await startSimulators();
  expect(() => simulators.access('nimbus')).toThrow(RangeError);
  expect(() => simulators.control('toString')).toThrow(RangeError);
  await simulators.close();
});

it('closes the simulators that have started when another cannot start', async () => {
  const simulators = await startSimulators();
  const taken = Number(new URL(simulators.tensorpool.url).port);
  const free = await startSimulators();
  const port = Number(new URL(free.sagemaker.url).port);
  await free.close();
  await expect(startSimulators({ sagemaker: { port }, tensorpool: { port: taken } })).rejects.toThrow(`Port ${taken}`);
  const again = await startSimulators({ sagemaker: { port } });
  await Promise.all([again.close(), simulators.close()]);
});
