import { userInfo } from 'node:os';
import type { Command } from 'commander';
import type { Muster } from '../muster.ts';
import { connect } from './connect.ts';
import { commandTarget } from './target.ts';

/** What every command gets. Made once in a process; does nothing before a command runs. */
export interface CommandContext {
  /** Whether --json is given. */
  readonly isJson: () => boolean;
  /** Whether --debug is given: errors are shown with their stack. */
  readonly isDebug: () => boolean;
  /** Prints a value as JSON with --json, else its text. Called once by a command: standard output is one document. */
  readonly print: (value: unknown, text: string) => void;
  /** Prints one value as it is, several as a list: always one JSON document. */
  readonly printAll: (values: readonly unknown[], texts: readonly string[]) => void;
  /** Connects, runs something, and closes the connection. @throws UnreachableError */
  readonly withMuster: <T>(run: (muster: Muster) => Promise<T>) => Promise<T>;
  /** The user who gives an order, for the record. */
  readonly who: () => string;
}

/** Makes a command. Each file of commands/ exports one such function, and main.ts lists them. */
export type CommandFactory = (context: CommandContext) => Command;

/** @param program has the global options once the arguments are parsed */
export function createContext(program: Command): CommandContext {
  // An error in the arguments may come before the options are parsed: then read them from the raw arguments.
  const isGiven = (name: 'json' | 'debug'): boolean =>
    program.opts<Partial<Record<string, boolean>>>()[name] === true || process.argv.slice(2).includes(`--${name}`);
  const isJson = (): boolean => isGiven('json');
  const print = (value: unknown, text: string): void => {
    console.log(isJson() ? JSON.stringify(value, null, 2) : text);
  };
  return {
    isJson,
    isDebug: () => isGiven('debug'),
    print,
    printAll: (values, texts) => {
      print(values.length === 1 ? values[0] : values, texts.join('\n\n'));
    },
    withMuster,
    who,
  };
}

/** The user on this machine. In a container a user may have no name, only a number. */
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
