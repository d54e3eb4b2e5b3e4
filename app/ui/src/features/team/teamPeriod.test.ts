import { expect, test } from 'vitest';

import { checkedTeamPeriod, isDay, periodOf } from './teamPeriod';

test('a URL holds days or a range, and anything else is 30 days', () => {
  expect(checkedTeamPeriod({ days: '7' })).toEqual({ days: 7 });
  expect(checkedTeamPeriod({ from: '2026-01-01', to: '2026-01-31', days: 7 })).toEqual({ from: '2026-01-01', to: '2026-01-31' });
  for (const search of [{}, { days: 8 }, { from: '2026-01-02', to: '2026-01-01' }, { from: '2026-01-02' }, { from: 'x', to: 'y' }]) {
    expect(checkedTeamPeriod(search)).toEqual({ days: 30 });
  }
});

test('only days that exist are days', () => {
  expect(isDay('2028-02-29')).toBe(true);
  for (const text of ['2026-02-29', '2026-13-01', '26-01-01', '2026-1-1', 20_260_101, null]) expect(isDay(text)).toBe(false);
});

test('the API is asked for one or the other', () => {
  expect(periodOf({ days: 90 })).toEqual({ days: 90 });
  expect(periodOf({ from: '2026-01-01', to: '2026-01-02' })).toEqual({ from: '2026-01-01', to: '2026-01-02' });
});
