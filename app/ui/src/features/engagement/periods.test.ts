import { expect, test } from 'vitest';

import { checkedPeriod } from './periods';

test.each([
  [{ days: 7 }, 7],
  [{ days: '90' }, 90],
  [{ days: 31 }, 30],
  [{ days: 'all' }, 30],
  [{}, 30],
])('%j shows %i days', (search, days) => {
  expect(checkedPeriod(search)).toEqual({ days });
});
