import { checksOnlyLook } from './parts/checks.ts';
import { costsAreCovered } from './parts/cost.ts';
import { errorsHaveTheirKind } from './parts/errors.ts';
import { lateClusters } from './parts/late-cluster.ts';
import { statesHaveTheirMeaning } from './parts/sights.ts';
import { birthsShowLate } from './parts/visibility.ts';
import { contract } from './suite.ts';

contract(errorsHaveTheirKind, statesHaveTheirMeaning, lateClusters, birthsShowLate, costsAreCovered, checksOnlyLook);
