import { readConfig } from '../../platform/config.ts';
import { connectionConfig } from '../../platform/connection.ts';
import { defaultDataFolder, readStackNote } from '../../platform/stack-note.ts';

/** The Temporal server that a command connects to, and where its address comes from. */
export interface Target {
  readonly address: string;
  readonly namespace: string;
  /** URL of its Web UI, without a slash at the end; null when it is not known. */
  readonly uiUrl: string | null;
  readonly from: 'TEMPORAL_ADDRESS or profile' | 'local stack' | 'default';
}

/** The SDK's own default. */
const DEFAULT_ADDRESS = 'localhost:7233';

/** Temporal's environment variables or profile file; else the local stack of this checkout if it runs; else the default. */
export function commandTarget(): Target {
  const { connectionOptions, namespace = 'default' } = connectionConfig();
  const uiUrl = readConfig().MUSTER_UI_URL?.replace(/\/+$/, '') ?? null;
  const { address } = connectionOptions;
  const stack = readStackNote(defaultDataFolder());
  if (address !== undefined) {
    // The given address may be the local stack's.
    const stackUiUrl = stack?.address === address ? stack.uiUrl : null;
    return { address, namespace, uiUrl: uiUrl ?? stackUiUrl, from: 'TEMPORAL_ADDRESS or profile' };
  }
  if (stack) {
    return { address: stack.address, namespace: stack.namespace, uiUrl: uiUrl ?? stack.uiUrl, from: 'local stack' };
  }
  return { address: DEFAULT_ADDRESS, namespace, uiUrl, from: 'default' };
}
