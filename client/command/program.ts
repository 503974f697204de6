import { Command, Option, type Argument } from 'commander';
import { packageVersion } from '../../platform/version.ts';
import { addCompletion } from './completion/completion.ts';
import { createContext, type CommandContext, type CommandFactory } from './context.ts';
import { HELP_GROUPS } from './help.ts';
import { asUsageError } from './usage.ts';

/** The command line: commander's tree of commands, and the context that its commands share. */
export interface Program {
  readonly root: Command;
  readonly context: CommandContext;
}

/** Commander prints no errors: they are converted to errors of this library and printed like those. */
const NO_OUTPUT = { writeErr: () => undefined, outputError: () => undefined };

/** Makes the program `muster` of its commands. */
export function createProgram(commands: readonly CommandFactory[]): Program {
  const root = new Command('muster')
    .description('Provisions GPU and HPC clusters, durably.')
    .version(packageVersion(), '--version', 'print the version')
    .addOption(new Option('--json', 'print JSON: one document on standard output, errors on standard error'))
    .addOption(new Option('--debug', 'show the stack of an error'))
    .configureOutput(NO_OUTPUT)
    .configureHelp({ showGlobalOptions: true, subcommandTerm: commandTerm })
    .addHelpCommand(helpCommand())
    .addHelpText('after', HELP);
  const context = createContext(root);
  for (const make of commands) root.addCommand(make(context));
  addCompletion(root, context);
  inheritSettings(root);
  return { root, context };
}

const helpCommand = (): Command =>
  new Command('help').argument('[command]').description('show the help of a command').helpGroup(HELP_GROUPS.setup);

/** A command in lists of commands: its name and its arguments, without its options. */
function commandTerm(command: Command): string {
  const words = command.commands.length > 0 ? ['<command>'] : command.registeredArguments.map(argumentText);
  return [command.name(), ...words].join(' ');
}

const argumentText = (argument: Argument): string => {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
};

const HELP = `
Exit codes:
  0  success                 1  a request did not become ready, or a check found a fault
  2  the input is wrong      3  Temporal or a worker does not answer

In a checkout, where muster is not installed:
  muster() { npm run -s muster -- "$@"; }     # for this shell; for all shells: npm run build && npm link`;

/** Gives every subcommand the exit, output and error handling of the program. */
function inheritSettings(command: Command): void {
  command.exitOverride((error) => {
    // A command without its required subcommand prints its help: an answer, not an error.
    if (error.code === 'commander.help' && error.exitCode !== 0) command.outputHelp();
    else if (error.exitCode !== 0) throw asUsageError(command, error);
    throw new HelpShown();
  });
  for (const subcommand of command.commands) {
    subcommand.copyInheritedSettings(command);
    inheritSettings(subcommand);
  }
}

/** Help was printed: nothing is left to do. */
export class HelpShown extends Error {
  override readonly name = 'Shown';
}
