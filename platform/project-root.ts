import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of this package's package.json, both from sources and from `dist`. Data files are found from it. */
export function projectRoot(from: string = import.meta.url): string {
  let folder = path.dirname(fileURLToPath(from));
  while (!existsSync(path.join(folder, 'package.json'))) {
    const parent = path.dirname(folder);
    if (parent === folder) throw new Error('muster: there is no package.json above its files; install it again');
    folder = parent;
  }
  return folder;
}
