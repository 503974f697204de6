import path from 'node:path';
import type { LocalLog } from '../processes/log.ts';
import { registerSearchAttributes, type SearchAttributeTypes } from './search-attributes.ts';
import { findTemporalCli, type CliProgress } from '../programs/temporal-cli.ts';
import { startTemporalServer } from './server.ts';

/** Time between two lines about one stage, ms. */
const PROGRESS_GAP_MS = 15_000;

/** Which Temporal the stack uses. */
export interface TemporalChoice {
  /** A server that runs already: nothing is started. */
  readonly address?: string | undefined;
  readonly namespace?: string | undefined;
  /** TEMPORAL_CLI_PATH. */
  readonly cliPath?: string | undefined;
  readonly path: string;
  readonly cacheDir: string;
  readonly childEnv: Readonly<Record<string, string | undefined>>;
  readonly port: number;
  readonly uiPort: number;
}

/** A Temporal to work with, our own or somebody's. */
export interface LocalTemporal {
  readonly address: string;
  readonly namespace: string;
  readonly uiUrl: string | undefined;
  /** Settles with the reason when our own server ends; never for somebody else's. */
  readonly exited: Promise<string>;
  stop(): Promise<void>;
}

interface StartOptions extends TemporalChoice {
  readonly dataDir: string;
  readonly searchAttributes: SearchAttributeTypes;
  readonly log: LocalLog;
  readonly onProgress: (text: string) => void;
}

/** Connects to the server that was named, or starts a dev server of our own on a file. */
export async function startTemporal(options: StartOptions): Promise<LocalTemporal> {
  const namespace = options.namespace ?? 'default';
  if (options.address !== undefined) {
    await registerSearchAttributes(options.address, namespace, options.searchAttributes);
    return {
      address: options.address,
      namespace,
      uiUrl: undefined,
      exited: new Promise(() => undefined),
      stop: () => Promise.resolve(),
    };
  }
  const cliPath = await findTemporalCli(
    { temporalCliPath: options.cliPath, path: options.path, cacheDir: options.cacheDir, childEnv: options.childEnv },
    spaced(({ stage, elapsedMs }) => {
      const note = stage === 'building from source' ? '; a first build takes some minutes' : '';
      options.onProgress(`Temporal: ${stage} (${Math.round(elapsedMs / 1000)} s${note})`);
    }),
  );
  const server = await startTemporalServer({
    cliPath,
    dataDir: path.join(options.dataDir, 'temporal'),
    dbFilename: 'temporal.db',
    port: options.port,
    uiPort: options.uiPort,
    namespace,
    searchAttributes: options.searchAttributes,
    log: options.log,
  });
  return { ...server, namespace };
}

/** Says each stage at once, and then how long it has gone on, but not more often than every 15 s. */
function spaced(tell: (progress: CliProgress) => void): (progress: CliProgress) => void {
  let told: CliProgress | undefined;
  return (progress) => {
    if (told?.stage === progress.stage && progress.elapsedMs - told.elapsedMs < PROGRESS_GAP_MS) return;
    told = progress;
    tell(progress);
  };
}
