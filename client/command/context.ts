import { userInfo } from 'node:os';
import type { Command } from 'commander';
import type { Muster } from '../muster.ts';
import { connect } from './connect.ts';
import { commandTarget } from './target.ts';

/** What every command is given. Made once a process; nothing in it acts before a command runs. */
export interface CommandContext {
  /** Whether JSON was asked for. */
  readonly isJson: () => boolean;
  /** Whether errors are shown with their stack. */
  readonly isDebug: () => boolean;
  /** Prints a value as JSON where that was asked for, else its text. Once a command: one document on standard output. */
  readonly show: (value: unknown, text: string) => void;
  /** One value as it is, several as a list: always one JSON document. */
  readonly showAll: (values: readonly unknown[], texts: readonly string[]) => void;
  /** Runs something on a connected client, and closes the connection. @throws UnreachableError */
  readonly withMuster: <T>(run: (muster: Muster) => Promise<T>) => Promise<T>;
  /** Who orders, for the record. */
  readonly who: () => string;
}

/** A command: each file of commands/ exports one such function, and main.ts lists them. */
export type MakeCommand = (context: CommandContext) => Command;

/** @param program tells the global options, once the arguments are parsed */
export function createContext(program: Command): CommandContext {
  // What is wrong with the arguments may be found before the options are: then they are looked for as they stand.
  const given = (name: 'json' | 'debug'): boolean =>
    program.opts<Partial<Record<string, boolean>>>()[name] === true || process.argv.slice(2).includes(`--${name}`);
  const isJson = (): boolean => given('json');
  const show = (value: unknown, text: string): void => {
    console.log(isJson() ? JSON.stringify(value, null, 2) : text);
  };
  return {
    isJson,
    isDebug: () => given('debug'),
    show,
    showAll: (values, texts) => {
      show(values.length === 1 ? values[0] : values, texts.join('\n\n'));
    },
    withMuster,
    who,
  };
}

/** The user of this machine; in a container one may have a number alone. */
function who(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}

async function withMuster<T>(run: (muster: Muster) => Promise<T>): Promise<T> {
  const { client, muster } = await connect(commandTarget());
  try {
    return await run(muster);
  } finally {
    await client.connection.close();
  }
}
