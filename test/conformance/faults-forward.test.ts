import { everyFaultIn, faultTableIsComplete } from './parts/fault-table.ts';
import { conformance } from './suite.ts';

conformance(faultTableIsComplete, everyFaultIn('send', 'adopt', 'wait'));
