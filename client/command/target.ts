import { readConfig } from '../../platform/config.ts';
import { connectionConfig } from '../../platform/connection.ts';
import { defaultDataFolder, readStackNote } from '../../platform/stack-note.ts';

/** Which Temporal a command speaks to, and who said so. */
export interface Target {
  readonly address: string;
  readonly namespace: string;
  /** Address of its Web UI, without a slash at the end; null where nobody told it. */
  readonly uiUrl: string | null;
  readonly from: 'TEMPORAL_ADDRESS or profile' | 'local stack' | 'default';
}

/** The SDK's own default. */
const DEFAULT_ADDRESS = 'localhost:7233';

/** Temporal's own environment or profile file; else the local stack of this checkout, where it runs; else the default. */
export function commandTarget(): Target {
  const { connectionOptions, namespace = 'default' } = connectionConfig();
  const uiUrl = readConfig().MUSTER_UI_URL?.replace(/\/+$/, '') ?? null;
  const { address } = connectionOptions;
  const stack = readStackNote(defaultDataFolder());
  if (address !== undefined) {
    // Told its address, the local stack is still the local stack.
    const known = stack?.address === address ? stack.uiUrl : null;
    return { address, namespace, uiUrl: uiUrl ?? known, from: 'TEMPORAL_ADDRESS or profile' };
  }
  if (stack) {
    return { address: stack.address, namespace: stack.namespace, uiUrl: uiUrl ?? stack.uiUrl, from: 'local stack' };
  }
  return { address: DEFAULT_ADDRESS, namespace, uiUrl, from: 'default' };
}
