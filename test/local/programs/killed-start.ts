import { findTemporalUi } from '../../../local/programs/temporal-ui.ts';

/** The program that `install.process.test.ts` kills during a build. */
const [searchPath = '', cacheDir = ''] = process.argv.slice(2);
await findTemporalUi({ path: searchPath, cacheDir, childEnv: {} }, () => undefined);
