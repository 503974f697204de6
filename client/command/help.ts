/** Headings of the command groups in `muster --help`. */
export const HELP_GROUPS = {
  requests: 'Requests:',
  clusters: 'Clusters:',
  money: 'Money:',
  setup: 'Setting up:',
} as const;

/** Text below a command's help: commands to copy, each with an optional explanation. */
export function examples(...lines: readonly (string | readonly [command: string, what: string])[]): string {
  const pairs = lines.map((line) => (typeof line === 'string' ? ([line, ''] as const) : line));
  const width = Math.max(...pairs.map(([command]) => command.length));
  const texts = pairs.map(([command, what]) => (what === '' ? command : `${command.padEnd(width)}   # ${what}`));
  return `\nExamples:\n${texts.map((text) => `  ${text}`).join('\n')}`;
}
