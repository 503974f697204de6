import tab from '@bomb.sh/tab/commander';
import type { Command } from 'commander';
import { definitionOf, PROVIDER_NAMES } from '../../../contracts/providers/registry.ts';
import type { CommandContext } from '../context.ts';
import { examples, HELP_GROUPS } from '../help.ts';
import { BASH_SCRIPT } from './bash.ts';
import { suggestionsFor, type Suggestion } from './suggestions.ts';

type Completion = ReturnType<typeof tab>;

/** Options whose value is a file: the shell completes those. */
const FILE_OPTIONS = new Set(['-f', '--file']);

/** The answer that makes the shell complete file names. */
const COMPLETE_FILES = ':0';

/** Adds `completion`, which prints a shell's script, and the hidden `complete`, which that script calls for each completion. */
export function addCompletion(root: Command, context: CommandContext): void {
  const completion = tab(root, { completionCommandName: 'completion' });
  for (const command of completion.commands.values()) {
    for (const { long, description } of root.options) command.option(long?.replace('--', '') ?? '', description);
  }
  commandOf(root, 'completion')
    .description('print the script for a shell that completes commands, options, ids and teams')
    .helpGroup(HELP_GROUPS.setup)
    .addHelpText('after', HELP)
    .action((shell: string) => {
      if (shell === 'bash') console.log(BASH_SCRIPT);
      else completion.setup(root.name(), root.name(), shell);
    });
  commandOf(root, 'complete').action(async (words: string[]) => {
    if (FILE_OPTIONS.has(words.at(-2) ?? '')) {
      console.log(COMPLETE_FILES);
    } else {
      suggest(completion, await suggestionsFor(words, context));
      completion.parse([...words]);
    }
    // A server that has not answered yet must not delay the prompt.
    process.exit();
  });
}

const HELP =
  examples(
    ["echo 'source <(muster completion bash)' >> ~/.bashrc", ''],
    ["echo 'source <(muster completion zsh)' >> ~/.zshrc", 'after compinit'],
    ['muster completion fish > ~/.config/fish/completions/muster.fish', ''],
    ['muster completion powershell | Out-String | Invoke-Expression', ''],
  ) +
  `

The scripts call muster by its name. In a checkout, define it before them as a function:
  muster() { npm run -s muster -- "$@"; }
or install it: npm run build && npm link`;

function commandOf(root: Command, name: string): Command {
  const found = root.commands.find((command) => command.name() === name);
  if (found === undefined) throw new Error(`the completion library did not add the command "${name}"`);
  return found;
}

/** Completes arguments that name a request or a team, and the option --team, with these suggestions. */
function suggest({ commands }: Completion, suggestions: readonly Suggestion[]): void {
  const handler = (complete: (value: string, description: string) => void): void => {
    for (const { value, description } of suggestions) complete(value, description);
  };
  for (const command of commands.values()) {
    for (const name of ['requestId', 'team']) {
      const argument = command.arguments.get(name);
      if (argument) argument.handler = handler;
    }
    const team = command.options.get('team');
    if (team) team.handler = handler;
    const location = command.options.get('location');
    if (location) location.handler = suggestLocations;
  }
}

/** The default region of each provider, as examples. */
function suggestLocations(complete: (value: string, description: string) => void): void {
  for (const provider of PROVIDER_NAMES)
    complete(`${provider}/${definitionOf(provider).defaultRegion}`, 'default region');
}
