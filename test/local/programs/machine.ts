import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Machine } from '../../../local/programs/program.ts';
import { scratchFolder } from '../scratch.ts';

/** A shell script that prints the version text of a Temporal CLI with an old Web UI. */
export const WORKING_CLI = '#!/bin/sh\necho "temporal version 0.0.0 (Server 1.0.0, UI 2.0.0)"\n';

/** Writes a program that every user may run. */
export function program(folder: string, name: string, script: string): string {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, name);
  writeFileSync(file, script);
  chmodSync(file, 0o755);
  return file;
}

/** A machine without programs: an empty folder on PATH, an empty cache, and a proxy at a port where nothing listens. */
export function bareMachine(): Machine & { path: string; downloadUrl: string } {
  const home = scratchFolder('machine with space');
  mkdirSync(path.join(home, 'bin'));
  const searched = path.join(home, 'bin');
  return { cacheDir: path.join(home, 'cache'), path: searched, childEnv: {}, downloadUrl: 'http://127.0.0.1:9/cli' };
}

/** A script in place of Go: records its arguments in `go.calls` beside itself and writes a program to GOBIN. */
export function fakeGo(machine: { path: string }, made: string, says: string): void {
  program(
    machine.path,
    'go',
    `#!/bin/sh
echo "$@" >> "\${0%/*}/go.calls"
/bin/sleep 0.3
printf '#!/bin/sh\\necho "${says}"\\n' > "$GOBIN/${made}"
/bin/chmod 755 "$GOBIN/${made}"
`,
  );
}
