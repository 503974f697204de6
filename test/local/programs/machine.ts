import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Machine } from '../../../local/programs/program.ts';
import { scratchFolder } from '../scratch.ts';

/** Says what the Temporal CLI says, with an old Web UI inside. */
export const WORKING_CLI = '#!/bin/sh\necho "temporal version 0.0.0 (Server 1.0.0, UI 2.0.0)"\n';

/** Writes a program that anybody may run. */
export function program(folder: string, name: string, script: string): string {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, name);
  writeFileSync(file, script);
  chmodSync(file, 0o755);
  return file;
}

/** A machine with nothing on it: an empty PATH folder, an empty cache; nothing listens on the discard port. */
export function bareMachine(): Machine & { path: string; downloadUrl: string } {
  const home = scratchFolder('machine with space');
  mkdirSync(path.join(home, 'bin'));
  const searched = path.join(home, 'bin');
  return { cacheDir: path.join(home, 'cache'), path: searched, childEnv: {}, downloadUrl: 'http://127.0.0.1:9/cli' };
}

/** Stands for the Go tool: notes its arguments in `go.calls` beside itself and writes the program into GOBIN. */
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
