import pc from 'picocolors';

/** Names and values, one pair a line, values aligned. Pairs without a value are left out. */
export function fields(pairs: readonly (readonly [name: string, value: string | null | undefined])[]): string[] {
  const filled = pairs.filter((pair): pair is readonly [string, string] => pair[1] != null && pair[1] !== '');
  const width = Math.max(0, ...filled.map(([name]) => name.length));
  return filled.map(([name, value]) => `  ${pc.dim(name.padEnd(width))}  ${value}`);
}
