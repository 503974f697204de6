import { writeFile } from 'node:fs/promises';
import { bundleWorkflows, PREBUILT_BUNDLE } from './bundle.ts';

// A step of the build: compiled workers load this file instead of bundling for 3 seconds each.
const { code } = await bundleWorkflows();
await writeFile(PREBUILT_BUNDLE, code);
