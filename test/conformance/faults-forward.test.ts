import { everyFaultIn, everyRowIsWritten } from './parts/rows.ts';
import { contract } from './suite.ts';

contract(everyRowIsWritten, everyFaultIn('send', 'adopt', 'wait'));
