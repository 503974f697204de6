/** `name_prefix[begin_number,bits]name_suffix`; an empty begin counts from 0, empty bits write as few digits as needed. */
const SEQUENCE = /^(.*)\[(\d{0,6}),([0-6]?)\](.*)$/;

/** Highest number of a suffix that UniqueSuffix adds, by the service's documentation. */
const SUFFIX_DIGITS = 3;

/** The name of the `index`th instance of a call that asked for `amount`; undefined lets the instance be named by its id. */
export function instanceName(
  asked: string | undefined,
  uniqueSuffix: boolean,
  amount: number,
  index: number,
): string | undefined {
  if (asked === undefined) return undefined;
  const [whole, prefix = '', begin = '', bits = '', suffix = ''] = SEQUENCE.exec(asked) ?? [];
  // Without a suffix of its own a sequence goes over UniqueSuffix; with one both would count, which is not simulated.
  if (whole !== undefined) return prefix + String(Number(begin) + index).padStart(Number(bits), '0') + suffix;
  return uniqueSuffix && amount > 1 ? asked + String(index + 1).padStart(SUFFIX_DIGITS, '0') : asked;
}
