import { oneClusterAKey } from './parts/keys.ts';
import { contract } from './suite.ts';

contract(oneClusterAKey);
