import { appendFileSync } from 'node:fs';
import { identify, livenessOf, parentOf } from '../../../local/processes/process-identity.ts';
import { onNpmExit } from '../../../local/processes/npm-exit.ts';
import { poll } from '../../../local/processes/poll.ts';

/**
 * The program that npm starts in `npm-exit.process.test.ts`. Writes its pid, and then what it notices. With the argument `late`
 * it begins to watch only after npm has ended.
 */
const [said = '', late] = process.argv.slice(2);
const alive = setInterval(() => undefined, 60_000);
const ancestors = [process.ppid, parentOf(process.ppid) ?? 1].filter((pid) => pid > 1).map(identify);
appendFileSync(said, `${process.pid}\n`);
if (late === 'late') {
  await poll(() => ancestors.some((each) => livenessOf(each) === 'dead') || undefined, { timeoutMs: 30_000 });
}
onNpmExit(true, () => {
  appendFileSync(said, 'the parent ended\n');
  clearInterval(alive);
});
