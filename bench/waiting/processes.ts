import { readdirSync, readFileSync } from 'node:fs';

/** Ticks a second in /proc: 100 on every Linux that Node supports. */
const TICKS_PER_SECOND = 100;
const KIB = 1_024;

/** What processes use: memory now, in bytes, and CPU since their start, in seconds. */
export interface Usage {
  readonly bytes: number;
  readonly cpuSeconds: number;
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly cpuSeconds: number;
}

/**
 * What each of these processes and all its descendants use. Memory is the proportional set size: memory that several processes
 * share, as PostgreSQL's do, counts once. Linux only.
 * @param roots pids by name
 */
export function usageOf<Name extends string>(roots: Readonly<Record<Name, number>>): Record<Name, Usage> {
  const all = everyProcess();
  const entries = Object.entries<number>(roots).map(([name, root]) => {
    const family = all.filter((each) => descends(each, root, all));
    return [
      name,
      {
        bytes: family.reduce((sum, { pid }) => sum + memoryOf(pid), 0),
        cpuSeconds: family.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
      },
    ];
  });
  return Object.fromEntries(entries) as Record<Name, Usage>;
}

/** The pid of this process's child that runs a program. @throws if there is none */
export function childNamed(program: string): number {
  const found = everyProcess().find(({ pid, parent }) => parent === process.pid && nameOf(pid) === program);
  if (found === undefined) throw new Error(`no ${program} runs`);
  return found.pid;
}

function descends(of: Process, root: number, all: readonly Process[]): boolean {
  if (of.pid === root) return true;
  // This process is the parent of the others, which are counted separately.
  if (root === process.pid) return false;
  const parent = all.find(({ pid }) => pid === of.parent);
  return parent !== undefined && descends(parent, root, all);
}

function everyProcess(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const stat = read(`/proc/${name}/stat`);
      if (stat === undefined) return [];
      // The second field, the program's name, may contain spaces and parentheses.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const number = (index: number): number => Number(fields[index - 3] ?? 0);
      const ticks = number(14) + number(15) + number(16) + number(17);
      return [{ pid: Number(name), parent: number(4), cpuSeconds: ticks / TICKS_PER_SECOND }];
    });
}

const nameOf = (pid: number): string | undefined => read(`/proc/${pid}/comm`)?.trim();

function memoryOf(pid: number): number {
  const kibibytes = /^Pss:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/smaps_rollup`) ?? '')?.[1];
  return Number(kibibytes ?? 0) * KIB;
}

/** A process may end while it is read. */
function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
