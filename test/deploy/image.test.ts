import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { childEnvironment } from '../../platform/config.ts';
import { projectRoot } from '../../platform/project-root.ts';
import { dockerfile, text } from './files.ts';

const instructions = dockerfile();
const named = (name: string): string[] => instructions.filter((each) => each.name === name).map(({ rest }) => rest);
const inImage = text('.dockerignore')
  .split('\n')
  .filter((line) => line.startsWith('!'))
  .map((line) => line.slice(1));

describe('Dockerfile', () => {
  it('is based on one version of Node 20', () => {
    const images = new Set(named('FROM').map((rest) => rest.split(' ')[0]));
    expect([...images]).toEqual([expect.stringMatching(/^node:20\.\d+\.\d+-[a-z]+-slim$/)]);
  });

  it('copies only files that exist and that .dockerignore allows', () => {
    const copied = named('COPY')
      .filter((rest) => !rest.startsWith('--from'))
      .flatMap((rest) => rest.split(' ').slice(0, -1));
    expect(copied).not.toHaveLength(0);
    for (const file of copied.filter((each) => each !== '.')) expect(inImage).toContain(file);
    for (const file of inImage) expect(existsSync(path.join(projectRoot(), file)), file).toBe(true);
    expect(text('.dockerignore')).toMatch(/^\*$/m);
  });

  it('builds with every folder that the build references', () => {
    const referred = new Set<string>();
    const follow = (file: string): void => {
      const { references } = JSON.parse(text(file)) as { references: { path: string }[] };
      for (const { path: folder } of references) {
        const name = path.basename(folder);
        if (referred.has(name)) continue;
        referred.add(name);
        follow(`${name}/tsconfig.json`);
      }
    };
    follow('tsconfig.build.json');
    expect(referred.size).toBeGreaterThan(0);
    expect([...referred].filter((folder) => !inImage.includes(folder))).toEqual([]);
  });

  it("copies from the build what runs: code, packages, the ledger's SQL files", () => {
    const taken = named('COPY')
      .filter((rest) => rest.startsWith('--from=build'))
      .map((rest) => rest.split(' ')[1]);
    const sql = ['schema', 'functions', 'roles.sql'].map((each) => `activities/ledger/${each}`);
    const made = ['package.json', 'node_modules', ...sql, 'dist'];
    expect(taken).toEqual(made.map((each) => `/muster/${each}`));
    for (const each of sql) expect(existsSync(path.join(projectRoot(), each)), each).toBe(true);
  });

  it('runs node directly, and not as root', () => {
    expect(named('USER').at(-1)).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(JSON.parse(named('ENTRYPOINT')[0] ?? '')).toEqual(['node', 'dist/workers/main.js']);
    expect(existsSync(path.join(projectRoot(), 'workers', 'main.ts'))).toBe(true);
  });
});

describe('the health check of the image', () => {
  const command = JSON.parse(/CMD (\[.*\])$/.exec(named('HEALTHCHECK')[0] ?? '')?.[1] ?? '[]') as string[];
  const exitCode = async (port: number): Promise<unknown> => {
    const [program = '', ...args] = command;
    const child = spawn(program, args, { env: { ...childEnvironment(), MUSTER_HEALTH_PORT: String(port) } });
    return ((await once(child, 'exit')) as unknown[])[0];
  };
  const listening = async (status: number) => {
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url);
      response.writeHead(status).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return { port: (server.address() as AddressInfo).port, asked, close: () => server.close() };
  };

  it.each([
    [200, 0],
    [503, 1],
  ])('ends with the right code for a worker that answers %i: %i', async (status, code) => {
    const worker = await listening(status);
    expect(await exitCode(worker.port)).toBe(code);
    expect(worker.asked).toEqual(['/healthz']);
    worker.close();
  });

  it('ends with 1 for a worker that does not answer', async () => {
    const worker = await listening(200);
    worker.close();
    expect(await exitCode(worker.port)).toBe(1);
  });
});
