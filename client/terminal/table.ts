import Table from 'cli-table3';
import pc from 'picocolors';

/** A table of text; colours only on a terminal that wants them. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const made = new Table({
    head: [...head],
    // No lines between rows.
    style: {
      compact: true,
      head: pc.isColorSupported ? ['bold'] : [],
      border: pc.isColorSupported ? ['gray'] : [],
    },
  });
  made.push(...rows.map((row) => [...row]));
  return made.toString();
}
