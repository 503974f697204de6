/**
 * The price of a node for an hour in the primary pool, micro-dollars. The types are those in the vendor's page, in its
 * client's help and in a third-party client. The prices are invented: no source has them.
 */
const HOURLY_MICROS_BY_GPU: Readonly<Record<string, { readonly sizes: readonly number[]; readonly micros: number }>> = {
  H100: { sizes: [1, 2, 4, 8], micros: 2_500_000 },
  H200: { sizes: [1, 2, 4, 8], micros: 3_000_000 },
  B200: { sizes: [1, 2, 4, 8], micros: 5_000_000 },
  B300: { sizes: [1, 2, 4, 8], micros: 6_000_000 },
  L40S: { sizes: [1], micros: 1_000_000 },
  CPU: { sizes: [32, 64], micros: 50_000 },
};

const HOURLY_MICROS: ReadonlyMap<string, number> = new Map(
  Object.entries(HOURLY_MICROS_BY_GPU).flatMap(([gpu, { sizes, micros }]) =>
    sizes.map((size): [string, number] => [`${size}x${gpu}`, size * micros]),
  ),
);

/** The price of one node for an hour, micro-dollars; undefined for a type that does not exist. */
export function nodeHourlyMicros(instanceType: string): number | undefined {
  return HOURLY_MICROS.get(instanceType);
}
