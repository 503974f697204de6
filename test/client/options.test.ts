import { describe, expect, it } from 'vitest';
import { since, usd, wholeNumber } from '../../client/command/options.ts';

const NOW = Date.UTC(2026, 10, 21, 12);

describe('a time', () => {
  it.each([
    ['45s', NOW - 45_000],
    ['90m', NOW - 90 * 60_000],
    ['2h', NOW - 2 * 3_600_000],
    ['3d', NOW - 3 * 86_400_000],
    ['1w', NOW - 7 * 86_400_000],
    ['2026-11-01', Date.UTC(2026, 10, 1)],
    ['2026-11-01T10:30Z', Date.UTC(2026, 10, 1, 10, 30)],
    ['2026-11-01T10:30+02:00', Date.UTC(2026, 10, 1, 8, 30)],
  ])('%s is understood', (text, ms) => {
    expect(since(text, NOW)).toBe(ms);
  });

  it.each(['', '2', 'h', '2 h', '-2h', '2y', '2026-11', '2026-11-31', '2026-13-01', '2026-11-01T10:30', 'yesterday'])(
    '"%s" is refused',
    (text) => {
      expect(() => since(text, NOW)).toThrow('such as 90m, 2h, 3d, or a date');
    },
  );
});

describe('an amount', () => {
  it('is whole micro-dollars', () => {
    expect(usd('99.50')).toBe(99_500_000);
    expect(usd('0.000001')).toBe(1);
  });

  it.each(['', '-5', '1e3', '1.0000001', '1,000', '99999999999999'])('"%s" is refused', (text) => {
    expect(() => usd(text)).toThrow('USD');
  });
});

describe('a whole number', () => {
  it.each(['0', '11', '1.5', 'ten', ''])('"%s" is refused outside 1 to 10', (text) => {
    expect(() => wholeNumber(1, 10)(text)).toThrow('from 1 to 10');
  });
});
