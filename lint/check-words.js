import { execFileSync } from 'node:child_process';
import console from 'node:console';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { REFUSED } from './words.js';

// Refuses the words of words.js.

/** Texts that people of this project write. Histories, lock files and the licence are not. */
const READ = /\.(ts|js|mjs|jsonc|sql|md|ya?ml|sh|env|go)$|^package\.json$|^Dockerfile$/;
const LEFT_OUT = /^lint\/|^test\/replay\/histories\//;
/** The table of examples in CONTRIBUTING shows what not to write. */
const isExample = (file, line) => file === 'docs/CONTRIBUTING.md' && line.startsWith('|');

const patterns = REFUSED.map(({ word, use }) => ({ pattern: new RegExp(`(?<![a-z])(${word})(?![a-z])`, 'gi'), use }));

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
  .split('\n')
  .filter((file) => READ.test(file) && !LEFT_OUT.test(file));

let found = 0;
for (const file of files) {
  for (const [index, line] of textOf(file).split('\n').entries()) {
    if (isExample(file, line)) continue;
    // Words inside of names count too: "isBorn" reads "is Born".
    const words = line.replaceAll(/([a-z\d])([A-Z])/g, '$1 $2').replaceAll('_', ' ');
    for (const { pattern, use } of patterns) {
      for (const [match] of words.matchAll(pattern)) {
        console.log(`${file}:${index + 1}  "${match}": use ${use}`);
        found += 1;
      }
    }
  }
}
if (found > 0) {
  console.log(`\n${found} words of lint/words.js. Say it in plain modern English: see docs/CONTRIBUTING.md.`);
  process.exitCode = 1;
}

/** A file that was deleted and not committed yet has no text. */
function textOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
