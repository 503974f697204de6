import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';

const GAP = '  ';

/**
 * Rows in aligned columns, one row a line and without borders, so that other programs can search and split them. Nothing
 * is cut off. Columns that are empty in all rows are left out.
 * @param right indexes of right-aligned columns, such as amounts
 */
export function columns(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): string {
  const shown = head.map((_, index) => index).filter((index) => rows.some((row) => row[index]));
  const lines = [head.map((name) => pc.dim(name)), ...rows];
  const widths = head.map((_, index) => Math.max(...lines.map((line) => widthOf(line[index] ?? ''))));
  return lines
    .map((line) =>
      shown
        .map((index) => pad(line[index] ?? '', widths[index] ?? 0, right.includes(index)))
        .join(GAP)
        .trimEnd(),
    )
    .join('\n');
}

const widthOf = (text: string): number => stripVTControlCharacters(text).length;

function pad(text: string, width: number, toRight: boolean): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)));
  return toRight ? space + text : text + space;
}
