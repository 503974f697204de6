import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import path from 'node:path';

const VERSION_TIMEOUT_MS = 15_000;

/** The file name of a program: on Windows with `.exe`. */
export function executableName(name: string): string {
  return process.platform === 'win32' ? `${name}.exe` : name;
}

/** The first executable file with this name in a PATH value. */
export async function findOnPath(name: string, searchPath: string | undefined): Promise<string | undefined> {
  for (const folder of (searchPath ?? '').split(path.delimiter)) {
    // Relative entries would make the result depend on the working directory.
    if (!path.isAbsolute(folder)) continue;
    const file = path.join(folder, executableName(name));
    const found = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return file;
  }
  return undefined;
}

/** What `<file> --version` prints. @throws with the reason when the program does not run or does not end within 15 s */
export function versionOf(file: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(file, ['--version'], { timeout: VERSION_TIMEOUT_MS, windowsHide: true }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${file} does not run: ${stderr.trim() || error.message}`));
      else resolve(stdout.trim());
    });
  });
}
