import { Command, Option, type Argument } from 'commander';
import { packageVersion } from '../../platform/version.ts';
import { addCompletion } from './completion/completion.ts';
import { createContext, type CommandContext, type MakeCommand } from './context.ts';
import { GROUPS } from './help.ts';
import { asUsageError } from './usage.ts';

/** A command line: commander's tree, and what its commands were given. */
export interface Program {
  readonly root: Command;
  readonly context: CommandContext;
}

/** Nothing of commander's own is printed on standard error: its errors are ours, and are printed as ours. */
const silently = { writeErr: () => undefined, outputError: () => undefined };

/** Puts commands together to the program `muster`. */
export function createProgram(commands: readonly MakeCommand[]): Program {
  const root = new Command('muster')
    .description('Provisions GPU and HPC clusters, durably.')
    .version(packageVersion(), '--version', 'print the version')
    .addOption(new Option('--json', 'print JSON: one document on standard output, errors on standard error'))
    .addOption(new Option('--debug', 'show where an error comes from'))
    .configureOutput(silently)
    .configureHelp({ showGlobalOptions: true, subcommandTerm: termOf })
    .addHelpCommand(helpCommand())
    .addHelpText('after', HELP);
  const context = createContext(root);
  for (const make of commands) root.addCommand(make(context));
  addCompletion(root, context);
  inherit(root);
  return { root, context };
}

const helpCommand = (): Command =>
  new Command('help').argument('[command]').description('show how a command is used').helpGroup(GROUPS.setup);

/** A command as lists of commands name it: what stands behind it without its options, which its own help tells. */
function termOf(command: Command): string {
  const below = command.commands.length > 0 ? ['<command>'] : command.registeredArguments.map(argumentText);
  return [command.name(), ...below].join(' ');
}

const argumentText = (argument: Argument): string => {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
};

const HELP = `
Exit codes:
  0  well                    1  a request did not become ready, or a look found what is not well
  2  the input is wrong      3  nobody answers

In a checkout, where muster is no program yet:
  muster() { npm run -s muster -- "$@"; }     # for this shell; or, for all: npm run build && npm link`;

/** Every command below ends, prints and fails as the program does. */
function inherit(command: Command): void {
  command.exitOverride((error) => {
    // Called without a word, a command that needs one shows its help: that is an answer, not an error.
    if (error.code === 'commander.help' && error.exitCode !== 0) command.outputHelp();
    else if (error.exitCode !== 0) throw asUsageError(command, error);
    throw new Shown();
  });
  for (const below of command.commands) {
    below.copyInheritedSettings(command);
    inherit(below);
  }
}

/** Help or a version was printed: nothing is left to do. */
export class Shown extends Error {
  override readonly name = 'Shown';
}
