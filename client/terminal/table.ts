import Table from 'cli-table3';
import pc from 'picocolors';

/** A table of text, with colours where the terminal supports them. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const rendered = new Table({
    head: [...head],
    // No lines between rows.
    style: {
      compact: true,
      head: pc.isColorSupported ? ['bold'] : [],
      border: pc.isColorSupported ? ['gray'] : [],
    },
  });
  rendered.push(...rows.map((row) => [...row]));
  return rendered.toString();
}
