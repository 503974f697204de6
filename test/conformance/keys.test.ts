import { oneClusterPerKey } from './parts/keys.ts';
import { restoredLedgers } from './parts/restored-ledger.ts';
import { conformance } from './suite.ts';

conformance(oneClusterPerKey, restoredLedgers);
