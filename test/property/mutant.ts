import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { projectRoot } from '../../platform/project-root.ts';
import type { CodeUnderTest } from './code-under-test.ts';

/** Takes away one clause of the protocol: exact text that a source file holds once, and what replaces it. */
export interface Edit {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const ENTRIES = [
  'workflows/provision/decide.ts',
  'activities/providers/activities.ts',
  'activities/providers/errors.ts',
  'activities/ledger/activities.ts',
];
const IMPORT = /(?:from|import\()\s*'(\.[^']+\.ts)'/g;

/** A copy of the code under test with these edits, compiled into a cache folder and imported from there. */
export async function mutant(name: string, edits: readonly Edit[]): Promise<CodeUnderTest> {
  const root = projectRoot();
  const folder = path.join(root, 'node_modules', '.cache', 'muster-mutants', name);
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'package.json'), '{ "type": "module" }');
  const written = new Set<string>();
  const copy = async (file: string): Promise<void> => {
    if (written.has(file)) return;
    written.add(file);
    let source = await readFile(path.join(root, file), 'utf8');
    for (const edit of edits.filter((each) => each.file === file)) source = edited(source, edit);
    const { outputText } = ts.transpileModule(source, {
      compilerOptions: {
        target: ts.ScriptTarget.ES2023,
        module: ts.ModuleKind.ESNext,
        verbatimModuleSyntax: true,
        rewriteRelativeImportExtensions: true,
      },
    });
    const target = path.join(folder, file.replace(/\.ts$/, '.js'));
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, outputText);
    for (const [, specifier] of source.matchAll(IMPORT)) {
      if (specifier !== undefined) await copy(path.posix.join(path.posix.dirname(file), specifier));
    }
  };
  for (const entry of ENTRIES) await copy(entry);
  const load = (file: string): Promise<unknown> =>
    import(pathToFileURL(path.join(folder, file.replace(/\.ts$/, '.js'))).href);
  const parts = await Promise.all(ENTRIES.map(load));
  return Object.assign({}, ...parts) as CodeUnderTest;
}

function edited(source: string, { file, from, to }: Edit): string {
  if (source.split(from).length !== 2)
    throw new Error(`${file} must hold this text once; when the code changes, change this test too:\n${from}`);
  return source.replace(from, () => to);
}
