import { appendFileSync } from 'node:fs';
import { onParentEnd } from '../../../local/processes/parent.ts';

/** The program that `parent.test.ts` has npm start: writes its pid, and then what it notices. */
const [said = ''] = process.argv.slice(2);
const alive = setInterval(() => undefined, 60_000);
onParentEnd(true, () => {
  appendFileSync(said, 'the parent ended\n');
  clearInterval(alive);
});
appendFileSync(said, `${process.pid}\n`);
