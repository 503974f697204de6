import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../platform/project-root.ts';

/** Files of functions/ in the order in which they are applied: one written in plain SQL comes after what it calls. */
const FUNCTION_FILES = [
  ...['clock', 'keys', 'answers', 'locks', 'money', 'observing', 'opening', 'sending', 'leases', 'closing'],
  ...['cancelling', 'monitoring', 'reports', 'restore', 'audit', 'health'],
];

/** A file that is applied again whenever its content has changed. */
export interface RepeatableFile {
  /** Its path in the ledger's folder, such as `functions/money.sql`. */
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of its content, hex. */
  readonly hash: string;
}

/** The SQL files of a ledger. */
export interface LedgerFiles {
  /** Folder of the files of tables, indexes and triggers. Each is applied once, in the order of their numbers. */
  readonly schemaFolder: string;
  /** Their names, without an extension. */
  readonly schema: readonly string[];
  /** Functions and views, in the order in which they are applied. */
  readonly functions: readonly RepeatableFile[];
  /** All rights. */
  readonly roles: RepeatableFile;
}

/** The ledger's folder, from source and from `dist` alike. */
export const ledgerFolder = (): string => path.join(projectRoot(), 'activities', 'ledger');

/** @throws where a file of functions/ has no place in the order */
export function readLedgerFiles(folder: string = ledgerFolder()): LedgerFiles {
  const found = readdirSync(path.join(folder, 'functions')).map((file) => path.basename(file, '.sql'));
  const unordered = found.filter((name) => !FUNCTION_FILES.includes(name));
  if (unordered.length > 0) {
    throw new Error(`functions/${unordered.join(', ')}: add a place in the order of ledger-files.ts`);
  }
  const schemaFolder = path.join(folder, 'schema');
  return {
    schemaFolder,
    schema: readdirSync(schemaFolder).map((file) => path.basename(file, '.sql')),
    functions: FUNCTION_FILES.map((name) => repeatable(folder, `functions/${name}.sql`)),
    roles: repeatable(folder, 'roles.sql'),
  };
}

function repeatable(folder: string, name: string): RepeatableFile {
  const sql = readFileSync(path.join(folder, name), 'utf8');
  return { name, sql, hash: createHash('sha256').update(sql).digest('hex') };
}
