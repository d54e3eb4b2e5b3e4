import { expect, test } from 'vitest';

import { dailyRows } from './dailyRows';

const days = Array.from({ length: 9 }, (_, index) => ({ date: `2026-11-1${index}`, opens: index + 2, unique: index + 1 }));

test('the last day is the one that goes on', () => {
  expect(dailyRows(days).map((row) => row.isSoFar)).toEqual([...Array<boolean>(8).fill(false), true]);
});

test('repeated opens are what is left of the opens without the unique ones', () => {
  expect(dailyRows(days).every((row) => row.repeats === 1 && row.unique + row.repeats === row.opens)).toBe(true);
});

test('a day is compared with the same weekday a week earlier, where there is one', () => {
  expect(dailyRows(days).map((row) => row.weekEarlier)).toEqual([null, null, null, null, null, null, null, 2, 3]);
});
