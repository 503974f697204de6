import { checksOnlyLook } from './parts/checks.ts';
import { costsAreCovered } from './parts/cost.ts';
import { errorsHaveTheirKind } from './parts/errors.ts';
import { lateBirths } from './parts/late-birth.ts';
import { statesHaveTheirMeaning } from './parts/sights.ts';
import { birthsShowLate } from './parts/visibility.ts';
import { contract } from './suite.ts';

contract(errorsHaveTheirKind, statesHaveTheirMeaning, lateBirths, birthsShowLate, costsAreCovered, checksOnlyLook);
