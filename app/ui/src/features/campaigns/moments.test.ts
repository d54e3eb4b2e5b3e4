import { expect, test } from 'vitest';

import { toLocal, toMoment } from './moments';

test.each([
  ['2026-01-15T12:00:00Z', 'UTC', '2026-01-15T12:00'],
  ['2026-01-15T12:00:00Z', 'Asia/Riyadh', '2026-01-15T15:00'],
  ['2026-07-01T23:30:00Z', 'Europe/Berlin', '2026-07-02T01:30'],
  ['2026-01-15T12:00:00Z', 'Asia/Kathmandu', '2026-01-15T17:45'],
  ['2026-03-29T00:59:00Z', 'Europe/Berlin', '2026-03-29T01:59'],
  ['2026-03-29T01:00:00Z', 'Europe/Berlin', '2026-03-29T03:00'],
])('%s in %s is %s on the wall, and back', (moment, zone, wall) => {
  expect(toLocal(moment, zone)).toBe(wall);
  expect(Date.parse(toMoment(wall, zone) ?? '')).toBe(Date.parse(moment));
});

test('a time that clocks jump over is as long after the jump', () => {
  expect(toMoment('2026-03-29T02:30', 'Europe/Berlin')).toBe('2026-03-29T01:30:00.000Z');
});

test('nothing chosen is nothing', () => {
  expect(toLocal(null, 'UTC')).toBe('');
  expect(toMoment('', 'UTC')).toBeNull();
});
