import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { CommandFactory } from '../../client/command/context.ts';
import { createProgram } from '../../client/command/program.ts';
import { projectRoot } from '../../platform/project-root.ts';

const inRoot = (...parts: string[]): string => path.join(projectRoot(), ...parts);
const markdownIn = (folder: string): string[] =>
  readdirSync(inRoot(folder))
    .filter((file) => file.endsWith('.md'))
    .map((file) => path.posix.join(folder, file));
const DOCUMENTS = [...markdownIn('.'), ...markdownIn('docs'), ...markdownIn('docs/decisions')];

/** The lines of code in a document: those of its shell blocks, without comments, and its code spans. */
function codeOf(document: string): string[] {
  const text = readFileSync(inRoot(document), 'utf8');
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```/gms)].map((match) => match[1] ?? '');
  const lines = blocks.flatMap((block) => block.replaceAll('\\\n', ' ').split('\n'));
  const spans = [...text.replaceAll(/^```.*?^```/gms, '').matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
  return [...lines.map((line) => line.replace(/(^|\s)#.*$/, '')), ...spans.map((span) => span.replaceAll('\n', ' '))];
}

/** The words after each use of a program in a line, up to a pipe, a redirection or the next program. */
function argumentsOf(line: string, program: RegExp): string[][] {
  const uses = line.split(program).slice(1);
  return uses.map(
    (use) =>
      /^[^|;&<>]*/
        .exec(use.replaceAll(/<[^<>\n]+>/g, 'VALUE'))?.[0]
        .split(/\s+/)
        .filter(Boolean) ?? [],
  );
}

async function musterCommand(): Promise<Command> {
  const folder = inRoot('client', 'command', 'commands');
  const modules = await Promise.all(
    readdirSync(folder).map((file) => import(pathToFileURL(path.join(folder, file)).href) as Promise<object>),
  );
  const factories = modules.flatMap((module) =>
    Object.entries(module).flatMap(([name, made]) => (name.endsWith('Command') ? [made as CommandFactory] : [])),
  );
  return createProgram(factories).root;
}
const root = await musterCommand();

/** What is wrong with a use of the command; undefined where it exists as written. */
function faultIn(words: readonly string[]): string | undefined {
  let command = root;
  for (const word of words.filter((each) => !/^--?'?$/.test(each))) {
    if (/^--?\w/.test(word)) {
      const known = [...command.options, ...root.options].some(({ long, short }) => word === long || word === short);
      if (!known && word !== '--help') return `${command.name()} has no option ${word}`;
      continue;
    }
    const next = command.commands.find((each) => each.name() === word);
    if (next === undefined && command.commands.length > 0) return `${command.name()} has no command ${word}`;
    command = next ?? command;
  }
  return undefined;
}

describe.each(DOCUMENTS)('%s', (document) => {
  const lines = codeOf(document);

  it('names only commands and options of muster that exist', () => {
    // PostgreSQL's programs have a database of the same name.
    const isOurs = (line: string): boolean => !/\b(psql|pg_\w+|\w+db)\b/.test(line);
    const uses = lines.filter(isOurs).flatMap((line) => argumentsOf(line, /(?:^|\s)muster(?=\s|$)/));
    expect(uses.map(faultIn).filter((fault) => fault !== undefined)).toEqual([]);
  });

  it('names only scripts of npm that exist', () => {
    const { scripts } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8')) as { scripts: object };
    const names = lines.flatMap((line) => [...line.matchAll(/npm run (?:-s )?([\w:-]+)/g)].map((match) => match[1]));
    expect(names.filter((name) => !Object.hasOwn(scripts, name ?? ''))).toEqual([]);
  });

  it('names only services of Compose that exist', () => {
    const { services } = parse(readFileSync(inRoot('docker-compose.yml'), 'utf8')) as { services: object };
    const uses = lines.flatMap((line) =>
      argumentsOf(line, /docker compose(?: --env-file \S+)? (?:run|exec|stop|restart|up)\b/),
    );
    const named = uses.flatMap((words) =>
      words.slice(0, 8).filter((word) => /^(worker|ledger|temporal|simulators)/.test(word)),
    );
    expect(named.filter((name) => !Object.hasOwn(services, name))).toEqual([]);
  });

  it('links and refers only to files that exist', () => {
    const text = readFileSync(inRoot(document), 'utf8');
    const links = [...text.matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)].map((match) => match[1] ?? '');
    const missingLinks = links.filter((link) => !existsSync(inRoot(path.dirname(document), link)));
    const PATH =
      /(?:^|[\s(])((?:activities|bench|client|contracts|deploy|docs|examples|local|platform|simulators|test|workers|workflows)\/[\w./-]*\.\w+)/g;
    const files = lines.flatMap((line) => [...line.matchAll(PATH)].map((match) => match[1] ?? ''));
    expect([...missingLinks, ...files.filter((file) => !existsSync(inRoot(file)))]).toEqual([]);
  });
});
