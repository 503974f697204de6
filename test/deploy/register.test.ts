import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { SEARCH_ATTRIBUTES } from '../../contracts/search-attributes.ts';
import { childEnvironment } from '../../platform/config.ts';
import { projectRoot } from '../../platform/project-root.ts';
import { searchAttributeGaps } from '../../platform/search-attributes.ts';
import { temporalCli } from '../setup/temporal-cli.ts';

const DAY_S = 86_400;
const address = inject('temporalAddress');

let programs: string;
let connection: Connection;
beforeAll(async () => {
  programs = mkdtempSync(path.join(os.tmpdir(), 'muster programs '));
  symlinkSync(await temporalCli(), path.join(programs, 'temporal'));
  connection = await Connection.connect({ address });
});
afterAll(async () => {
  await connection.close();
  rmSync(programs, { recursive: true });
});

it('creates the namespace with its retention and search attributes, and can run again', async () => {
  const namespace = `register-${randomUUID()}`;
  const register = async (retention: string): Promise<number> => {
    const { PATH = '', ...others } = childEnvironment();
    await promisify(execFile)('sh', [path.join(projectRoot(), 'deploy', 'temporal', 'register.sh'), retention], {
      env: { ...others, PATH: `${programs}:${PATH}`, TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace },
    });
    const { config } = await connection.workflowService.describeNamespace({ namespace });
    return Number(config?.workflowExecutionRetentionTtl?.seconds) / DAY_S;
  };
  expect(await register('30d')).toBe(30);
  expect(await searchAttributeGaps(connection, namespace, SEARCH_ATTRIBUTES)).toEqual({ missing: [], mistyped: [] });
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  expect(
    Object.keys(customAttributes)
      .filter((name) => name.startsWith('Muster'))
      .toSorted(),
  ).toEqual(Object.keys(SEARCH_ATTRIBUTES).toSorted());
  expect(await register('7d')).toBe(7);
});
