import pc from 'picocolors';

/** Lines of a name and a value each, values in one column; those without a value are left out. */
export function fields(pairs: readonly (readonly [name: string, value: string | null | undefined])[]): string[] {
  const told = pairs.filter((pair): pair is readonly [string, string] => pair[1] != null && pair[1] !== '');
  const width = Math.max(0, ...told.map(([name]) => name.length));
  return told.map(([name, value]) => `  ${pc.dim(name.padEnd(width))}  ${value}`);
}
