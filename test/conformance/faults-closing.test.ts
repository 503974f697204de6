import { everyFaultIn } from './parts/rows.ts';
import { contract } from './suite.ts';

contract(everyFaultIn('close'));
