import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { childEnvironment } from '../../platform/config.ts';

const run = promisify(execFile);
/** Compose 2 is a plugin of Docker. 1.29 is a program of its own, and a package of Debian. */
const PROGRAMS = [['docker', 'compose'], ['docker-compose']] as const;
/** Debian's package and its Python are some 30 MB: enough time for a slow network. */
export const INSTALL_TIMEOUT_MS = 10 * 60_000;

/** Finds Compose, or installs Debian's package. @throws with what to do when neither works */
export const findCompose = async (): Promise<readonly string[]> => (await find()) ?? (await install());

async function find(): Promise<readonly string[] | undefined> {
  for (const program of PROGRAMS) {
    const [command, ...args] = program;
    const answers = await run(command, [...args, 'version']).then(
      () => true,
      () => false,
    );
    if (answers) return program;
  }
  return undefined;
}

async function install(): Promise<readonly string[]> {
  const env = { ...childEnvironment(), DEBIAN_FRONTEND: 'noninteractive' };
  const options = { env, timeout: INSTALL_TIMEOUT_MS, maxBuffer: 64 * 1024 * 1024 };
  try {
    await run('apt-get', ['update'], options);
    await run('apt-get', ['install', '-y', '--no-install-recommends', 'docker-compose'], options);
  } catch (error) {
    throw new Error(
      'The test of docker-compose.yml needs Docker Compose, but no Docker engine. Neither "docker compose" nor ' +
        '"docker-compose" works, and apt-get could not install docker-compose. Install one of them by hand.',
      { cause: error },
    );
  }
  const found = await find();
  if (found === undefined) throw new Error('apt-get installed docker-compose, but it does not work');
  return found;
}
