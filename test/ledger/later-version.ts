import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ledgerFolder, readLedgerFiles, type LedgerFiles } from '../../activities/ledger/ledger-files.ts';

/** Files by their path in the ledger's folder: a new file's content, or the change to one that exists. */
export type Changes = Readonly<Record<string, string | ((sql: string) => string)>>;

/** Makes other versions of the ledger's files, in a folder that `remove` removes. */
export function versions(): { changed(changes: Changes): LedgerFiles; remove(): void } {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'muster ledger '));
  return {
    changed: (changes) => {
      const copy = mkdtempSync(path.join(folder, 'version '));
      for (const each of ['schema', 'functions', 'roles.sql']) {
        cpSync(path.join(ledgerFolder(), each), path.join(copy, each), { recursive: true });
      }
      for (const [name, change] of Object.entries(changes)) {
        const file = path.join(copy, name);
        writeFileSync(file, typeof change === 'string' ? change : change(readFileSync(file, 'utf8')));
      }
      return readLedgerFiles(copy);
    },
    remove: () => {
      rmSync(folder, { recursive: true });
    },
  };
}
