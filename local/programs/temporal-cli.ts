import { download } from './download.ts';
import { findProgram } from './find-program.ts';
import { goInstall } from './go-install.ts';
import { ProgramNotFoundError, type Machine, type OnProgress, type Program } from './program.ts';
import { findProblem } from './check-program.ts';
import { TEMPORAL_CLI } from './versions.ts';

/** A cold build takes 3 to 7 minutes on two cores, measured. The rest is for slow networks. */
const BUILD_TIMEOUT_MS = 25 * 60_000;

export interface TemporalCliOptions extends Machine {
  /** TEMPORAL_CLI_PATH. Where set, nothing else is tried. */
  temporalCliPath?: string | undefined;
  /** A mirror of the SDKs' download service; by default the service itself. */
  downloadUrl?: string | undefined;
}

/** The Temporal CLI was not found and could not be installed. The message lists what the user can do. */
class TemporalCliNotFoundError extends Error {
  override readonly name = 'TemporalCliNotFoundError';
}

/**
 * The Temporal CLI, whose `server start-dev` is the local Temporal server.
 * @param downloadUrl the SDKs' download service, or a mirror of it
 */
export function temporalCli(downloadUrl: string = TEMPORAL_CLI.downloadUrl): Program {
  return {
    title: 'the Temporal CLI',
    file: 'temporal',
    cacheName: `temporal-cli-${TEMPORAL_CLI.version}`,
    acceptsAnyOnPath: true,
    // Any version: one that Go built calls itself 0.0.0-DEV.
    versionPattern: /^temporal version/i,
    methods: [
      download(downloadUrl),
      goInstall({ ...TEMPORAL_CLI, timeoutMs: BUILD_TIMEOUT_MS, takes: 'some minutes the first time' }),
    ],
  };
}

/**
 * Finds a Temporal CLI that runs, or installs the pinned version. Tries, in order: TEMPORAL_CLI_PATH, PATH, the cache, the SDKs'
 * download service, `go install`.
 *
 * @throws {TemporalCliNotFoundError}
 */
export async function findTemporalCli(
  options: TemporalCliOptions,
  onProgress: OnProgress = () => undefined,
): Promise<string> {
  const program = temporalCli(options.downloadUrl);
  if (options.temporalCliPath !== undefined) {
    const problem = await findProblem(program, options.temporalCliPath);
    if (problem) throw new TemporalCliNotFoundError(`TEMPORAL_CLI_PATH: ${problem}`);
    return options.temporalCliPath;
  }
  try {
    return await findProgram(program, options, onProgress);
  } catch (error) {
    if (!(error instanceof ProgramNotFoundError)) throw error;
    throw new TemporalCliNotFoundError(adviceFor(error.problems), { cause: error });
  }
}

function adviceFor(problems: readonly string[]): string {
  return [
    'There is no Temporal server to start: the Temporal CLI was not found and could not be installed.',
    ...problems.map((problem) => `  tried ${problem}`),
    'Do one of these and start again:',
    '  - set TEMPORAL_ADDRESS to a Temporal server that already runs',
    '  - set TEMPORAL_CLI_PATH to a temporal program',
    '  - install the Temporal CLI so that `temporal` is on PATH',
    '  - install Go, so that it can be built from source (takes some minutes, once)',
  ].join('\n');
}
