import { oneClusterAKey } from './parts/keys.ts';
import { setBackLosesNothing } from './parts/set-back.ts';
import { contract } from './suite.ts';

contract(oneClusterAKey, setBackLosesNothing);
