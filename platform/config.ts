import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';

/**
 * The environment. No other file reads it. Temporal's address, namespace, TLS and API key come from the TEMPORAL_* variables or a
 * profile file, as the vendor documents them (see connection.ts).
 */
const Environment = z.object({
  /** Ledger connection of the ledger's worker: a login that is a member of muster_ledger. */
  MUSTER_LEDGER_URL: z.string().min(1).optional(),
  /** Ledger connection that may create schemas and roles. Only migrations use it. */
  MUSTER_LEDGER_ADMIN_URL: z.string().min(1).optional(),
  /** How much faster than real time the providers run: 1 unless they are simulators. */
  MUSTER_SPEED: z.coerce.number().min(1).max(10_000).default(1),
  /** Whether monitors start the cleanups that are due, or only report them. */
  MUSTER_CLEANUPS: z.enum(['start', 'report']).default('start'),
  /** Port of GET /healthz and GET /metrics; 0 takes a free one. */
  MUSTER_HEALTH_PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  MUSTER_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /** The user's folder for caches, which holds downloads and builds. */
  XDG_CACHE_HOME: z.string().optional(),
  TEMPORAL_ADDRESS: z.string().min(1).optional(),
  /** The `temporal` program that the local stack uses. */
  TEMPORAL_CLI_PATH: z.string().min(1).optional(),
  /** Address of Temporal's Web UI, for links to its pages. */
  MUSTER_UI_URL: z.url().optional(),
  HOME: z.string().optional(),
  PATH: z.string().default(''),
  USER: z.string().optional(),
  CI: z.string().optional(),
  /** Set by npm for the scripts it runs. */
  npm_lifecycle_event: z.string().optional(),
});

export type Config = Readonly<z.infer<typeof Environment>>;

/** A variable is wrong or missing. The message names it and says what it must be. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Variables above that contain a password. A file may hold them: see `secretOf`. */
const SECRETS = ['MUSTER_LEDGER_URL', 'MUSTER_LEDGER_ADMIN_URL'] as const;

/**
 * The value of a secret variable, or the content of the file that `<name>_FILE` names: containers get secrets as files. An empty
 * value counts as absent.
 * @throws {ConfigError} for a file that cannot be read
 */
function secretOf(name: string, environment: NodeJS.ProcessEnv): string | undefined {
  const value = environment[name];
  if (value) return value;
  const file = environment[`${name}_FILE`];
  if (!file) return undefined;
  try {
    return readFileSync(file, 'utf8').trim() || undefined;
  } catch (error) {
    throw new ConfigError(`environment variable ${name}_FILE: cannot read it: ${(error as Error).message}`);
  }
}

/** Reads the environment. An empty variable counts as absent. @throws {ConfigError} */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const secrets = SECRETS.map((name) => [name, secretOf(name, environment)] as const);
  const filled = Object.fromEntries(
    [...Object.entries(environment), ...secrets].filter(([, value]) => value !== '' && value !== undefined),
  );
  const parsed = Environment.safeParse(filled);
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    parsed.error.issues.map(({ path, message }) => `environment variable ${path.join('.')}: ${message}`).join('\n'),
  );
}

/** The value of a variable that is needed. @param why says what needs it @throws {ConfigError} where it is missing */
export function required(config: Config, name: keyof Config, why: string): string {
  const value = config[name];
  if (typeof value !== 'string') throw new ConfigError(`environment variable ${name} is missing: ${why}`);
  return value;
}

/** The user's folder for caches, by the XDG rules: downloads and builds are kept there. */
export const cacheFolder = (config: Config): string =>
  config.XDG_CACHE_HOME ?? path.join(config.HOME ?? os.homedir(), '.cache');

/**
 * Settings of a provider's worker, from variables with the provider's name. For `alibaba-ecs`:
 * - `MUSTER_ALIBABA_ECS_ENDPOINT` replaces the vendor's endpoint.
 * - `MUSTER_ALIBABA_ECS_KEY`, or `ALIBABA_ECS_KEY`, is the API key, for vendors that have one.
 * - `MUSTER_LEDGER_URL_ALIBABA_ECS` is the ledger connection: a login that is a member of `muster_provider_alibaba_ecs`.
 *
 * Keys and connections may be in files: see `secretOf`.
 */
export interface ProviderSettings {
  readonly endpoint: string | undefined;
  readonly apiKey: string | undefined;
  readonly ledgerUrl: string | undefined;
}

/** @throws {ConfigError} for an endpoint that is not a URL, or a file that cannot be read */
export function providerSettings(provider: string, environment: NodeJS.ProcessEnv = process.env): ProviderSettings {
  const name = provider.toUpperCase().replaceAll('-', '_');
  const endpoint = environment[`MUSTER_${name}_ENDPOINT`] || undefined;
  if (endpoint !== undefined && !URL.canParse(endpoint)) {
    throw new ConfigError(`environment variable MUSTER_${name}_ENDPOINT: must be a URL such as https://example.com`);
  }
  return {
    endpoint,
    apiKey: secretOf(`MUSTER_${name}_KEY`, environment) ?? secretOf(`${name}_KEY`, environment),
    ledgerUrl: secretOf(`MUSTER_LEDGER_URL_${name}`, environment),
  };
}

/**
 * Keeps the AWS SDK from printing that its versions of 2027 will need Node 22. Our version is pinned, so the notice would
 * only hide the results of a command. Takes effect for clients that are made after the call.
 */
export function muteSdkNotice(): void {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
}

/** A copy of the environment, for children that need all of it: a Go build needs the proxy settings. */
export const childEnvironment = (): Readonly<Record<string, string | undefined>> => ({ ...process.env });
