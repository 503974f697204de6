import { describe, expect, it } from 'vitest';
import {
  parseFutureTime,
  parseLocations,
  parseSince,
  parseDuration,
  parseUsd,
  parseWholeNumber,
} from '../../client/command/options.ts';

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
  ])('%s is parsed', (text, ms) => {
    expect(parseSince(text, NOW)).toBe(ms);
  });

  it.each(['', '2', 'h', '2 h', '-2h', '2y', '2026-11', '2026-11-31', '2026-13-01', '2026-11-01T10:30', 'yesterday'])(
    '"%s" is refused',
    (text) => {
      expect(() => parseSince(text, NOW)).toThrow('such as 90m, 2h, 3d, or a date');
    },
  );
});

describe('a duration', () => {
  it.each([
    ['30m', 30 * 60_000],
    ['4h', 4 * 3_600_000],
    ['2d', 2 * 86_400_000],
  ])('%s is parsed', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(['', '0h', '4', '-4h', '1.5h', '4 h', '1mo', '2026-11-21'])('"%s" is refused', (text) => {
    expect(() => parseDuration(text)).toThrow('such as 30m, 4h or 2d');
  });
});

describe('a future time', () => {
  it('is parsed', () => {
    expect(parseFutureTime('2026-11-21T18:00Z', NOW)).toBe(Date.UTC(2026, 10, 21, 18));
    expect(parseFutureTime('2026-11-22', NOW)).toBe(Date.UTC(2026, 10, 22));
  });

  it('is refused when it is past', () => {
    expect(() => parseFutureTime('2026-11-21T12:00Z', NOW)).toThrow('in the future');
    expect(() => parseFutureTime('2026-11-21', NOW)).toThrow('in the future');
  });

  it.each(['', '4h', 'tomorrow', '2026-11-31', '2026-11-21T18:00'])('"%s" is refused', (text) => {
    expect(() => parseFutureTime(text, NOW)).toThrow('such as 2026-11-21T18:00Z');
  });
});

describe('a location', () => {
  it('is appended to those before it', () => {
    const before = parseLocations('sagemaker/us-west-2');
    expect(parseLocations('alibaba-ecs/cn-hangzhou', before)).toEqual([
      { provider: 'sagemaker', region: 'us-west-2' },
      { provider: 'alibaba-ecs', region: 'cn-hangzhou' },
    ]);
  });

  it.each([
    ['sagemaker', 'region'],
    ['sagemaker/', 'region'],
    ['sagemaker/moon', 'must be an AWS region'],
    ['sagemaker/us-west-2/a', '<provider>/<region>'],
    ['moon/us-west-2', 'one of sagemaker'],
    ['', '<provider>/<region>'],
  ])('"%s" is refused', (text, why) => {
    expect(() => parseLocations(text)).toThrow(why);
  });
});

describe('an amount', () => {
  it('is whole micro-dollars', () => {
    expect(parseUsd('99.50')).toBe(99_500_000);
    expect(parseUsd('0.000001')).toBe(1);
  });

  it.each(['', '-5', '1e3', '1.0000001', '1,000', '99999999999999'])('"%s" is refused', (text) => {
    expect(() => parseUsd(text)).toThrow('USD');
  });
});

describe('a whole number', () => {
  it.each(['0', '11', '1.5', 'ten', ''])('"%s" is refused outside 1 to 10', (text) => {
    expect(() => parseWholeNumber(1, 10)(text)).toThrow('from 1 to 10');
  });
});
