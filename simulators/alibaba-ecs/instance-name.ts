/** `name_prefix[begin_number,bits]name_suffix`. Without a begin it counts from 0; without bits it adds no zeros. */
const SEQUENCE = /^(.*)\[(\d{0,6}),([0-6]?)\](.*)$/;

/** Digits of the suffix that UniqueSuffix adds, by the service's documentation. */
const SUFFIX_DIGITS = 3;

/** The name of one of `amount` instances of a call; undefined where its id is its name. */
export function instanceName(
  requestedName: string | undefined,
  uniqueSuffix: boolean,
  amount: number,
  index: number,
): string | undefined {
  if (requestedName === undefined) return undefined;
  const [whole, prefix = '', begin = '', bits = '', suffix = ''] = SEQUENCE.exec(requestedName) ?? [];
  // A sequence without a name suffix overrides UniqueSuffix. With one both would count, which is not simulated.
  if (whole !== undefined) return prefix + String(Number(begin) + index).padStart(Number(bits), '0') + suffix;
  return uniqueSuffix && amount > 1 ? requestedName + String(index + 1).padStart(SUFFIX_DIGITS, '0') : requestedName;
}
