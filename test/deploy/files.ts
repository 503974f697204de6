import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { projectRoot } from '../../platform/project-root.ts';

/** The parts of a service of docker-compose.yml that the tests read. */
export interface Service {
  readonly image: string;
  readonly build?: string;
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly volumes?: readonly string[];
  readonly networks: readonly string[];
  readonly ports?: readonly string[];
  readonly profiles?: readonly string[];
  readonly restart: string;
  readonly read_only?: boolean;
  readonly security_opt?: readonly string[];
  readonly mem_limit?: string;
  readonly cpus?: number;
  readonly stop_grace_period?: string;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
}

interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
}

export const COMPOSE_FILE = path.join(projectRoot(), 'docker-compose.yml');

/** A file of the repository. */
export const text = (file: string): string => readFileSync(path.join(projectRoot(), file), 'utf8');

/** docker-compose.yml with its anchors resolved. */
export const compose = (): ComposeFile => parse(text('docker-compose.yml'), { merge: true }) as ComposeFile;

/** The variables in a file of `name=value` lines, such as one for `--env-file`. */
export const variables = (file: string): Record<string, string> =>
  Object.fromEntries(
    text(file)
      .split('\n')
      .filter((line) => /^\w+=/.test(line))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );

/** The instructions of the Dockerfile, each as one line. */
export const dockerfile = (): { readonly name: string; readonly rest: string }[] =>
  text('Dockerfile')
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => ({ name: line.slice(0, line.indexOf(' ')), rest: line.slice(line.indexOf(' ') + 1).trim() }));

/** A provider's name with underscores, as in names of variables, secrets and roles. */
export const underscored = (provider: string): string => provider.replaceAll('-', '_');
