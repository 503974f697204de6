import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { childEnvironment } from '../../platform/config.ts';

declare module 'vitest' {
  interface ProvidedContext {
    chromiumPath: string;
  }
}

const run = promisify(execFile);
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
/** Debian's package and its dependencies, some 100 MB, over a slow network. */
const INSTALL_TIMEOUT_MS = 15 * 60_000;

/** A global set-up. */
export async function setup(project: TestProject): Promise<void> {
  project.provide('chromiumPath', await findChromium());
}

/** Finds Chromium, or installs Debian's package. @throws with what to do if neither works */
export const findChromium = async (): Promise<string> => (await find()) ?? (await install());

async function find(): Promise<string | undefined> {
  const { PATH = '', MUSTER_CHROMIUM } = childEnvironment();
  const files = PATH.split(path.delimiter).flatMap((folder) => NAMES.map((name) => path.join(folder, name)));
  for (const file of MUSTER_CHROMIUM === undefined ? files : [MUSTER_CHROMIUM]) {
    const runs = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runs) return file;
  }
  return undefined;
}

async function install(): Promise<string> {
  const env = { ...childEnvironment(), DEBIAN_FRONTEND: 'noninteractive' };
  const options = { env, timeout: INSTALL_TIMEOUT_MS, maxBuffer: 64 * 1024 * 1024 };
  try {
    await run('apt-get', ['update'], options);
    await run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], options);
  } catch (error) {
    throw new Error(
      'The browser tests need Chromium. It is not on PATH, and apt-get could not install it. Install it, or set ' +
        'MUSTER_CHROMIUM to its path.',
      { cause: error },
    );
  }
  const found = await find();
  if (found === undefined) throw new Error('apt-get installed chromium, but it is not on PATH');
  return found;
}
