import { versionOf } from '../processes/executables.ts';
import type { LocalLog } from '../processes/log.ts';
import { ProgramNotFoundError, type Machine, type OnProgress } from '../programs/program.ts';
import { findTemporalUi } from '../programs/temporal-ui.ts';
import { TEMPORAL_UI } from '../programs/versions.ts';

/** Of a reason in the one line that people see, in letters; the log has all of it. */
const BRIEF_LENGTH = 100;

/** Which Web UI the stack shows. */
export type UiChoice =
  /** The newest, a program of its own. */
  | { readonly kind: 'program'; readonly version: string; readonly program: string }
  /** The one inside the Temporal CLI; `problem` says in a line why the newest could not be had, and what helps. */
  | { readonly kind: 'inside-cli'; readonly version: string; readonly problem?: string };

/**
 * Takes the Temporal CLI's own Web UI where that is as new as ours, else ours, and its own again where ours cannot be
 * had: a start never fails for it.
 */
export async function chooseUi(
  cliPath: string,
  machine: Machine,
  onProgress: OnProgress,
  log: LocalLog,
): Promise<UiChoice> {
  const own = uiVersionIn(await versionOf(cliPath));
  if (own !== undefined && isAtLeast(own, TEMPORAL_UI.version)) return { kind: 'inside-cli', version: own };
  try {
    const program = await findTemporalUi(machine, onProgress);
    return { kind: 'program', version: TEMPORAL_UI.version, program };
  } catch (error) {
    if (!(error instanceof ProgramNotFoundError)) throw error;
    log.warn('taking the Web UI inside the Temporal CLI: the newest could not be had', { problems: error.problems });
    const help = 'with Go and a network the next start builds it';
    const problem = `${TEMPORAL_UI.version} could not be had (${briefly(error.problems)}); ${help}`;
    return { kind: 'inside-cli', version: own ?? 'unknown', problem };
  }
}

/** From `temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)`. */
function uiVersionIn(text: string): string | undefined {
  return /\bUI (\d+\.\d+\.\d+)/.exec(text)?.[1];
}

/** Compares versions of three numbers. */
function isAtLeast(version: string, least: string): boolean {
  return version.localeCompare(least, 'en', { numeric: true }) >= 0;
}

/** As one line: the end of each problem, where compilers and tools say what went wrong. */
function briefly(problems: readonly string[]): string {
  const ends = problems.map((each) => each.trim().split('\n').at(-1) ?? '');
  return ends.map((end) => (end.length > BRIEF_LENGTH ? `...${end.slice(-BRIEF_LENGTH)}` : end)).join('; ');
}
