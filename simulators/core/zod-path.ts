/** The value at a path of zod's; undefined where the path leads nowhere. */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (parent, step) =>
      typeof parent === 'object' && parent !== null ? (parent as Record<PropertyKey, unknown>)[step] : undefined,
    value,
  );
}
