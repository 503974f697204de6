import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { silentLog } from '../../../local/processes/log.ts';
import { chooseUi, type UiChoice } from '../../../local/temporal/ui-choice.ts';
import { bareMachine, fakeGo, program } from '../programs/machine.ts';

type Bare = ReturnType<typeof bareMachine>;

function choose(machine: Bare, said: string): Promise<UiChoice> {
  const cli = program(machine.path, 'temporal', `#!/bin/sh\necho "${said}"\n`);
  return chooseUi(cli, machine, () => undefined, silentLog);
}

function machineWithUi(): Bare {
  const machine = bareMachine();
  fakeGo(machine, 'server', 'Temporal UI version 2.54.1');
  return machine;
}

it.each(['2.54.1', '2.100.0', '3.0.0'])("chooses the CLI's own Web UI when that is %s", async (version) => {
  const said = `temporal version 1.9.0 (Server 1.40.0, UI ${version})`;
  expect(await choose(machineWithUi(), said)).toEqual({ kind: 'inside-cli', version });
});

it.each(['temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)', 'temporal version 9'])(
  'chooses the pinned Web UI with "%s"',
  async (said) => {
    const machine = machineWithUi();
    expect(await choose(machine, said)).toEqual({
      kind: 'program',
      version: '2.54.1',
      program: path.join(machine.cacheDir, 'muster', 'temporal-ui-2.54.1', 'server'),
    });
  },
);

it('chooses the CLI’s own if the cache cannot be written', async () => {
  const machine = machineWithUi();
  writeFileSync(machine.cacheDir, 'a file where the folder should be');
  expect(await choose(machine, 'temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)')).toMatchObject({
    kind: 'inside-cli',
    problem: expect.stringContaining('ENOTDIR') as string,
  });
});

it("falls back to the CLI's own and says why in one line", async () => {
  const said = 'temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)';
  expect(await choose(bareMachine(), said)).toEqual({
    kind: 'inside-cli',
    version: '2.42.1',
    problem: '2.54.1 is not available (go install: Go is not on PATH); with Go and a network the next start builds it',
  });
  const machine = bareMachine();
  program(machine.path, 'go', '#!/bin/sh\necho "go: downloading"\necho "dial tcp: no such host" >&2\nexit 1\n');
  expect(await choose(machine, said)).toMatchObject({
    problem: expect.stringContaining('(dial tcp: no such host)') as string,
  });
});
