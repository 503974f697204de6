import { expiries } from './parts/expiry.ts';
import { clusterPrices, leases } from './parts/leases.ts';
import { lateClusterRemoval } from './parts/late-cluster-removal.ts';
import { renamedClusters } from './parts/renames.ts';
import { everyFaultIn } from './parts/fault-table.ts';
import { conformance } from './suite.ts';

conformance(leases, clusterPrices, expiries, lateClusterRemoval, renamedClusters, everyFaultIn('lease'));
