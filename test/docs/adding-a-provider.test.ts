import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROVIDER_NAMES } from '../../contracts/providers/registry.ts';
import { projectRoot } from '../../platform/project-root.ts';

const ROOT = projectRoot();
const PAGE = 'docs/ADDING-A-PROVIDER.md';

/** The files of the project, except this test, its page, and files that people do not edit. */
const FILES = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && file !== PAGE && file !== 'test/docs/adding-a-provider.test.ts')
  .filter((file) => !/(^|\/)package-lock\.json$|\.png$/.test(file) && existsSync(path.join(ROOT, file)));

/** Any spelling of a name: `alibaba-ecs`, `ALIBABA_ECS`, `alibabaEcs`, "Alibaba Cloud ECS". */
const spelling = (name: string): RegExp => new RegExp(name.split('-').join('[-_ ]?(cloud[-_ ]?)?'), 'i');

/** The providers that a file names, by its path or in its text. */
const NAMED = new Map(
  FILES.map((file) => {
    const text = `${file}\n${readFileSync(path.join(ROOT, file), 'utf8')}`;
    return [file, PROVIDER_NAMES.filter((name) => spelling(name).test(text))] as const;
  }),
);

interface Row {
  readonly pattern: string;
  readonly always: boolean;
}

/** The rows of the table below a heading of the page. */
function rowsBelow(heading: string): Row[] {
  const section = readFileSync(path.join(ROOT, PAGE), 'utf8').split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = [...section.matchAll(/^\| `([^`]+)` \| ([^|]+) \|/gm)];
  return rows.map(([, pattern = '', needed = '']) => ({ pattern, always: needed === 'always' }));
}

const NEW_FILES = rowsBelow('New files');
const LINES = rowsBelow('Lines in existing files');
const EXAMPLES = rowsBelow('Files that name a provider as an example');

/** Whether a file matches a pattern: `*` is any text within a folder's name, `**` any text at all. */
function matches(file: string, pattern: string, name = ''): boolean {
  const concrete = pattern.replaceAll('<name>', name).replaceAll('<NAME>', name.toUpperCase());
  const source = concrete
    .split(/(\*\*|\*)/)
    .map((part) => (part === '**' ? '.*' : part === '*' ? '[^/]*' : part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')))
    .join('');
  return new RegExp(`^${source}$`).test(file);
}

const isNewFileOf = (file: string, name: string): boolean =>
  NEW_FILES.some(({ pattern }) => matches(file, pattern, name));

const isNewFile = (file: string): boolean => PROVIDER_NAMES.some((name) => isNewFileOf(file, name));

describe('the page about a new provider', () => {
  it('has its three lists', () => {
    for (const rows of [NEW_FILES, LINES, EXAMPLES]) expect(rows.length).toBeGreaterThan(5);
  });

  it.each(PROVIDER_NAMES)('lists every file that names %s', (name) => {
    const naming = FILES.filter((file) => NAMED.get(file)?.includes(name));
    expect(naming.length).toBeGreaterThan(20);
    const listed = [...LINES, ...EXAMPLES];
    expect(naming.filter((file) => !isNewFile(file) && !listed.some(({ pattern }) => matches(file, pattern)))).toEqual(
      [],
    );
  });

  it.each(PROVIDER_NAMES)('lists files as always needed that %s has', (name) => {
    const missing = NEW_FILES.filter(({ always }) => always).filter(
      ({ pattern }) => !FILES.some((file) => matches(file, pattern, name)),
    );
    expect(missing.map(({ pattern }) => pattern)).toEqual([]);
  });

  it.each(LINES.filter(({ always }) => always))('says rightly that $pattern names every provider', ({ pattern }) => {
    expect(NAMED.get(pattern)).toEqual(PROVIDER_NAMES);
  });

  it('does not hide a file that names every provider among the examples', () => {
    const lines = new Set(LINES.filter(({ always }) => always).map(({ pattern }) => pattern));
    const all = FILES.filter((file) => NAMED.get(file)?.length === PROVIDER_NAMES.length);
    expect(all.filter((file) => !isNewFile(file) && !lines.has(file))).toEqual([]);
  });

  it.each(NEW_FILES)('lists no pattern that no provider has: $pattern', ({ pattern }) => {
    expect(PROVIDER_NAMES.some((name) => FILES.some((file) => matches(file, pattern, name)))).toBe(true);
  });

  it.each([...LINES, ...EXAMPLES])('lists no file that is not there: $pattern', ({ pattern }) => {
    expect(FILES.some((file) => matches(file, pattern))).toBe(true);
  });
});
