/** The machine a program is looked for on. */
export interface Machine {
  /** The PATH value to search for programs and for `go`. */
  path?: string | undefined;
  /** Folder for caches of the user, such as `~/.cache`; ours is `muster` below it. */
  cacheDir: string;
  /** Environment for `go`, which needs its own settings, the home folder and the proxy. */
  childEnv: Readonly<Record<string, string | undefined>>;
}

/** A program of somebody else's that the stack needs, and how to come by it. */
export interface Program {
  /** For people. */
  readonly title: string;
  /** File name, without the `.exe` of Windows. */
  readonly file: string;
  /** Folder in our cache, named by version, so that a newer pin never meets an older binary. */
  readonly cacheName: string;
  /** One of this name on PATH will do, whatever its version. */
  readonly acceptsAnyOnPath: boolean;
  /** What only the right program says to `--version`. */
  readonly versionPattern: RegExp;
  /** How to get one that is not there, tried in order. */
  readonly methods: readonly InstallMethod[];
}

/** A way to get a program: a download, a build. */
export interface InstallMethod {
  readonly name: string;
  /** It gives up by then, ms. */
  readonly timeoutMs: number;
  /** Makes the program in the job's folder. @returns its file. @throws with the reason, for people. */
  get(job: InstallJob): Promise<string>;
}

export interface InstallJob {
  /** A scratch folder, deleted afterwards whatever happens. */
  readonly folder: string;
  readonly program: Program;
  readonly machine: Machine;
  /** @param note says more than the stage, such as how much of it is done */
  readonly report: (stage: InstallStage, note?: string) => void;
}

export type InstallStage = 'waiting for another start' | 'downloading' | 'building from source';

/** What a person who waits for a program is told. */
export interface InstallProgress {
  readonly stage: InstallStage;
  /** The stage, perhaps with how much of it is done; without times. */
  readonly note: string;
  /** Since installing began. */
  readonly elapsedMs: number;
}

export type OnProgress = (progress: InstallProgress) => void;

/** A program was found nowhere and no way to get it worked. */
export class ProgramNotFoundError extends Error {
  override readonly name = 'ProgramNotFoundError';
  /** What was tried, each with its reason; a compiler's words may take several lines. */
  readonly problems: readonly string[];

  constructor(program: Program, problems: readonly string[]) {
    super([`${program.title} was not found and could not be installed.`, ...problems].join('\n'));
    this.problems = problems;
  }
}
