import type { Json } from './definition.ts';

/** The fields that have a value: the stored call contains exactly what is sent. */
export const omitUndefined = (fields: Readonly<Record<string, Json | undefined>>): Record<string, Json> =>
  Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, Json] => entry[1] !== undefined));
