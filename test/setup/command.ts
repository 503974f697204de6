import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { childEnvironment } from '../../platform/config.ts';
import { projectRoot } from '../../platform/project-root.ts';

const run = promisify(execFile);

/** The result of a command. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the muster command in a separate process, without colours. */
export async function command(
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<CommandResult> {
  try {
    const { stdout, stderr } = await run(
      process.execPath,
      ['--import', 'tsx', path.join(projectRoot(), 'client', 'command', 'main.ts'), ...args],
      { env: { ...childEnvironment(), NO_COLOR: '1', ...environment } },
    );
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as CommandResult;
    return { code, stdout, stderr };
  }
}
