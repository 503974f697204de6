import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { PROVIDER_NAMES } from '../../contracts/providers/registry.ts';
import { projectRoot } from '../../platform/project-root.ts';
import { SHUTDOWN_GRACE_MS } from '../../workers/limits.ts';
import { SIMULATOR_NAMES } from '../../simulators/index.ts';
import { ROLES } from '../../workers/roles.ts';
import { findCompose, INSTALL_TIMEOUT_MS } from './compose-program.ts';
import { compose, COMPOSE_FILE, text, underscored, variables, type Service } from './files.ts';

const { services, secrets, networks } = compose();
const all = Object.entries(services);
const workerOf = (role: string): [string, Service][] =>
  all.filter(([, { command = [] }]) => command[command.indexOf('--roles') + 1] === role && command.includes('--roles'));
const holdersOf = (secret: string): string[] =>
  all.filter(([, each]) => each.secrets?.includes(secret)).map(([name]) => name);

/** Whether a service ends by itself, because others wait for its end or people run it: it needs no health check. */
const endsByItself = (name: string): boolean =>
  services[name]?.restart === 'no' ||
  all.some(([, { depends_on = {} }]) => depends_on[name]?.condition === 'service_completed_successfully');
const hasHealth = ({ build, healthcheck }: Service): boolean =>
  healthcheck?.disable !== true && (healthcheck?.test !== undefined || build !== undefined);

it('Compose accepts the file, with every profile', { timeout: INSTALL_TIMEOUT_MS }, async () => {
  const [program = '', ...args] = await findCompose();
  const check = (...more: string[]) =>
    promisify(execFile)(program, [...args, '-f', COMPOSE_FILE, ...more, 'config', '-q'], { cwd: projectRoot() });
  await check();
  await check('--profile', 'simulators', '--profile', 'command');
  await check('--env-file', path.join(projectRoot(), 'deploy', 'simulated.env'));
});

it.each(ROLES)('exactly one service runs the role %s, and no other role', (role) => {
  expect(workerOf(role)).toHaveLength(1);
});

describe('secrets', () => {
  it.each(PROVIDER_NAMES)('only the worker of %s has its login and credentials', (provider) => {
    const [[name, worker] = ['', undefined]] = workerOf(provider);
    const login = `ledger_url_${underscored(provider)}`;
    expect(worker?.secrets).toContain(login);
    for (const secret of worker?.secrets ?? []) {
      expect(holdersOf(secret).toSorted()).toEqual(secret === login ? ['ledger-migration', name].toSorted() : [name]);
    }
  });

  it('the workflows have none, and the ledger worker only its own login', () => {
    expect(workerOf('workflows')[0]?.[1].secrets).toBeUndefined();
    expect(workerOf('ledger')[0]?.[1].secrets).toEqual(['ledger_url']);
  });

  it("only the ledger's database and its migration have the administrator's login", () => {
    expect(holdersOf('ledger_admin_url')).toEqual(['ledger-migration']);
    expect(holdersOf('ledger_admin_password')).toEqual(['ledger-db']);
  });

  it('each is used, and none is in the file itself', () => {
    expect(Object.keys(secrets).filter((secret) => holdersOf(secret).length === 0)).toEqual([]);
    const plain = all.flatMap(([, { environment = {} }]) => Object.keys(environment));
    expect(
      plain.filter((name) => /PASSWORD|PWD|SECRET|KEY|TOKEN|LEDGER.*URL/.test(name) && !name.endsWith('_FILE')),
    ).toEqual([]);
  });

  it.each(all)(
    '%s may read each secret that it refers to',
    (_, { environment = {}, command = [], entrypoint = [], ...service }) => {
      const named = [...Object.values(environment), ...command, ...entrypoint]
        .filter((value) => value.startsWith('/run/secrets/'))
        .map((value) => path.basename(value));
      expect(named.toSorted()).toEqual([...(service.secrets ?? [])].toSorted());
    },
  );
});

describe.each(all)('%s', (name, service) => {
  it('has a health check and restarts, or ends by itself', () => {
    if (endsByItself(name)) expect(service.restart).toMatch(/^(on-failure:\d+|no)$/);
    else expect([hasHealth(service), service.restart]).toEqual([true, 'unless-stopped']);
  });

  it('has an image with an exact version', () => {
    expect(service.image).toMatch(/^[a-z/-]+:\d+\.\d+(\.\d+)?(-[a-z]+)?$/);
  });

  it('writes only to its volumes, and has limits of memory and CPU', () => {
    expect(service).toMatchObject({ read_only: true, security_opt: ['no-new-privileges:true'] });
    expect(service.mem_limit).toMatch(/^\d+[mg]$/);
    expect(service.cpus).toBeGreaterThan(0);
  });

  it('waits only for services that always become healthy or end', () => {
    for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
      const needed = services[other];
      expect(needed?.profiles).toBeUndefined();
      expect(condition).toBe(endsByItself(other) ? 'service_completed_successfully' : 'service_healthy');
    }
  });

  it('refers only to files that exist', () => {
    const { command = [], entrypoint = [], environment = {} } = service;
    const values = [...command, ...entrypoint, ...Object.values(environment)];
    for (const value of values.filter((each) => each.startsWith('/deploy/'))) {
      expect(service.volumes).toContain('./deploy/temporal:/deploy:ro');
      expect(existsSync(path.join(projectRoot(), 'deploy', 'temporal', path.basename(value))), value).toBe(true);
    }
    for (const value of values.filter((each) => /^(dist|deploy)\//.test(each))) {
      const source = value.replace(/^dist\/(.*)\.js$/, '$1.ts');
      expect(existsSync(path.join(projectRoot(), source)), value).toBe(true);
    }
  });
});

it.each(ROLES)('the worker of %s has time to finish its work, and starts when everything it needs is ready', (role) => {
  const worker = workerOf(role)[0]?.[1];
  expect(Number(/^(\d+)s$/.exec(worker?.stop_grace_period ?? '')?.[1]) * 1000).toBeGreaterThan(
    SHUTDOWN_GRACE_MS + 5_000,
  );
  const needed = role === 'workflows' ? ['temporal-namespace'] : ['temporal-namespace', 'ledger-migration'];
  expect(Object.keys(worker?.depends_on ?? {}).toSorted()).toEqual(needed.toSorted());
});

describe('networks', () => {
  it('only Temporal and its Web UI have ports, on loopback', () => {
    const published = all.flatMap(([name, { ports = [] }]) => ports.map((port) => [name, port] as const));
    expect(published.map(([name]) => name).toSorted()).toEqual(['temporal', 'temporal-ui']);
    for (const [, port] of published) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it("only providers' workers reach the outside, and only services with a login reach the ledger", () => {
    const outside = Object.keys(networks).filter((network) => networks[network]?.internal !== true);
    expect(outside.toSorted()).toEqual(['clouds', 'published']);
    const on = (network: string): string[] =>
      all.filter(([, each]) => each.networks.includes(network)).map(([name]) => name);
    const providers = PROVIDER_NAMES.flatMap((provider) => workerOf(provider).map(([name]) => name));
    expect(on('clouds').toSorted()).toEqual([...providers, 'simulators'].toSorted());
    expect(on('ledger').toSorted()).toEqual(
      [...providers, 'worker-ledger', 'ledger-migration', 'ledger-db'].toSorted(),
    );
    expect(on('temporal-db').toSorted()).toEqual(['temporal', 'temporal-db', 'temporal-schema']);
  });
});

it('the simulated stack is separate from a real one, and sends every provider to its simulator', () => {
  const simulated = variables('deploy/simulated.env');
  expect(simulated).toMatchObject({ COMPOSE_PROJECT_NAME: 'muster-simulated', COMPOSE_PROFILES: 'simulators' });
  expect(simulated['MUSTER_SECRETS']).not.toBe('./deploy/secrets');
  const { command = [] } = services['simulators'] ?? {};
  const firstPort = Number(command[command.indexOf('--port') + 1]);
  for (const [index, name] of SIMULATOR_NAMES.entries()) {
    const endpoint = `MUSTER_${underscored(name).toUpperCase()}_ENDPOINT`;
    expect(simulated).toHaveProperty(endpoint, `http://simulators:${firstPort + index}`);
  }
  expect(text('docker-compose.yml')).toContain(`MUSTER_SECRETS:-./deploy/secrets}`);
});
