/** Headings that `muster --help` lists commands under. */
export const GROUPS = {
  requests: 'Requests:',
  clusters: 'Clusters:',
  money: 'Money:',
  setup: 'Setting up:',
} as const;

/** Text after a command's help: commands to copy, each with what it does where that needs saying. */
export function examples(...lines: readonly (string | readonly [command: string, what: string])[]): string {
  const pairs = lines.map((line) => (typeof line === 'string' ? ([line, ''] as const) : line));
  const width = Math.max(...pairs.map(([command]) => command.length));
  const texts = pairs.map(([command, what]) => (what === '' ? command : `${command.padEnd(width)}   # ${what}`));
  return `\nExamples:\n${texts.map((text) => `  ${text}`).join('\n')}`;
}
