/** The machine on which a program is searched. */
export interface Machine {
  /** The PATH value to search for programs and for `go`. */
  path?: string | undefined;
  /** The user's folder of caches, such as `~/.cache`. The cache of programs is in `muster` there. */
  cacheDir: string;
  /** Environment for `go`, which needs its settings, the home folder and the proxy. */
  childEnv: Readonly<Record<string, string | undefined>>;
}

/** A third-party program that the stack needs, and how to get it. */
export interface Program {
  /** Name for messages. */
  readonly title: string;
  /** File name without `.exe`. */
  readonly file: string;
  /** Folder in the cache. Contains the version, so that a new version does not find an old binary. */
  readonly cacheName: string;
  /** Whether any version on PATH will do. */
  readonly acceptsAnyOnPath: boolean;
  /** Matches what only the right program prints for `--version`. */
  readonly versionPattern: RegExp;
  /** Ways to install it, tried in order. */
  readonly methods: readonly InstallMethod[];
}

/** A way to install a program: a download, a build. */
export interface InstallMethod {
  readonly name: string;
  /** Longest time it takes, ms. */
  readonly timeoutMs: number;
  /** Makes the program in the job's folder and returns its file. @throws with the reason, for the user */
  install(job: InstallJob): Promise<string>;
}

export interface InstallJob {
  /** A scratch folder, which the caller deletes afterwards. */
  readonly folder: string;
  readonly program: Program;
  readonly machine: Machine;
  /** @param note more than the stage's name, such as how much is done */
  readonly report: (stage: InstallStage, note?: string) => void;
}

export type InstallStage = 'waiting for another start' | 'downloading' | 'building from source';

/** Progress of an installation, for a user who waits. */
export interface InstallProgress {
  readonly stage: InstallStage;
  /** The stage, perhaps with how much is done. Contains no time. */
  readonly note: string;
  /** Time since the installation began, ms. */
  readonly elapsedMs: number;
}

export type OnProgress = (progress: InstallProgress) => void;

/** A program was not found, and no method could install it. */
export class ProgramNotFoundError extends Error {
  override readonly name = 'ProgramNotFoundError';
  /** What was tried, each with the reason of its failure. A compiler's output may take several lines. */
  readonly problems: readonly string[];

  constructor(program: Program, problems: readonly string[]) {
    super([`${program.title} was not found and could not be installed.`, ...problems].join('\n'));
    this.problems = problems;
  }
}
