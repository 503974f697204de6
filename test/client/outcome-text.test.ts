import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { outcomeText } from '../../client/command/print/outcome.ts';
import type { Receipt } from '../../contracts/cluster.ts';
import type { Creation } from '../../contracts/creation.ts';

const refused = { number: 1, key: 'k', provider: 'p', region: 'r', state: 'refused', why: 'no', costMicros: 0 };

/** The text of a failed request with one listed creation. */
const textWith = (more: Partial<Receipt>): string =>
  stripVTControlCharacters(
    outcomeText({
      ...{ requestId: 'a', outcome: 'failed', cluster: null },
      failure: { type: 'QuotaExceeded', message: '', hint: '' },
      receipt: {
        ...{
          requestId: 'a',
          team: 't',
          creations: [refused as Creation],
          creationCount: 1,
          costMicros: 0,
          skipped: [],
          timeline: [],
        },
        ...more,
      },
    }),
  );

it.each<[string, Partial<Receipt>, boolean]>([
  ['says how many creations there are when it lists only the newest', { creationCount: 1234 }, true],
  ['does not say it when it lists them all', { creationCount: 1 }, false],
])('the outcome of a request %s', (_, more, isSaid) => {
  expect(textWith(more).includes('the newest 1 of 1,234 creations')).toBe(isSaid);
  expect(textWith(more).includes('the newest')).toBe(isSaid);
});
