import { everyFaultIn } from './parts/fault-table.ts';
import { conformance } from './suite.ts';

conformance(everyFaultIn('close'));
