import { versionOf } from '../processes/executables.ts';
import type { LocalLog } from '../processes/log.ts';
import { ProgramNotFoundError, type Machine, type OnProgress } from '../programs/program.ts';
import { findTemporalUi } from '../programs/temporal-ui.ts';
import { TEMPORAL_UI } from '../programs/versions.ts';

/** Longest reason in the line that the user sees, in characters. The log has all of it. */
const BRIEF_LENGTH = 100;

/** Which Web UI the stack shows. */
export type UiChoice =
  /** The newest, as a separate program. */
  | { readonly kind: 'program'; readonly version: string; readonly program: string }
  /** The one inside the Temporal CLI. `problem` says in one line why the newest is not available, and what helps. */
  | { readonly kind: 'inside-cli'; readonly version: string; readonly problem?: string };

/**
 * Chooses the Temporal CLI's own Web UI if it is at least as new as the pinned one, otherwise the pinned one. If that cannot be
 * installed, the CLI's own: a start does not fail for want of a Web UI.
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
    log.warn('using the Web UI inside the Temporal CLI: the newest is not available', { problems: error.problems });
    const help = 'with Go and a network the next start builds it';
    const problem = `${TEMPORAL_UI.version} is not available (${briefly(error.problems)}); ${help}`;
    return { kind: 'inside-cli', version: own ?? 'unknown', problem };
  }
}

/** Parses text such as `temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)`. */
function uiVersionIn(text: string): string | undefined {
  return /\bUI (\d+\.\d+\.\d+)/.exec(text)?.[1];
}

/** Whether a version of three numbers is at least another one. */
function isAtLeast(version: string, least: string): boolean {
  return version.localeCompare(least, 'en', { numeric: true }) >= 0;
}

/** The end of each problem, in one line: compilers and tools print the reason last. */
function briefly(problems: readonly string[]): string {
  const ends = problems.map((each) => each.trim().split('\n').at(-1) ?? '');
  return ends.map((end) => (end.length > BRIEF_LENGTH ? `...${end.slice(-BRIEF_LENGTH)}` : end)).join('; ');
}
