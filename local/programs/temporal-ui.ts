import { findProgram } from './find-program.ts';
import { goInstall } from './go-install.ts';
import type { Machine, OnProgress, Program } from './program.ts';
import { TEMPORAL_UI } from './versions.ts';

/** A build takes 10 to 60 s on two cores, depending on Go's cache. There is another Web UI, so a start need not wait long. */
const BUILD_TIMEOUT_MS = 5 * 60_000;

/** Temporal's Web UI as a separate program. Its module names it `server`, so a `server` on PATH may be any program. */
export const temporalUi: Program = {
  title: "Temporal's Web UI",
  file: 'server',
  cacheName: `temporal-ui-${TEMPORAL_UI.version}`,
  acceptsAnyOnPath: false,
  versionPattern: new RegExp(`^Temporal UI version ${TEMPORAL_UI.version.replaceAll('.', '\\.')}$`),
  methods: [goInstall({ ...TEMPORAL_UI, timeoutMs: BUILD_TIMEOUT_MS, takes: 'up to a minute the first time' })],
};

/**
 * Finds the pinned Web UI in the cache, or builds it.
 *
 * @throws {ProgramNotFoundError}
 */
export function findTemporalUi(machine: Machine, onProgress: OnProgress): Promise<string> {
  return findProgram(temporalUi, machine, onProgress);
}
