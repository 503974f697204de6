import { providerChecks } from './parts/check-provider.ts';
import { costs } from './parts/costs.ts';
import { vendorErrors } from './parts/errors.ts';
import { lateClusters } from './parts/late-clusters.ts';
import { clusterStates } from './parts/states.ts';
import { visibilityLags } from './parts/visibility.ts';
import { conformance } from './suite.ts';

conformance(vendorErrors, clusterStates, lateClusters, visibilityLags, costs, providerChecks);
