import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';

const GAP = '  ';

/**
 * Rows in columns without lines: one row a line, so that they can be searched and cut by other programs. Nothing is cut
 * off; columns in which no row has anything are left out.
 * @param right columns whose text stands at the right, such as amounts
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
