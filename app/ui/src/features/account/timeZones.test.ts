import { expect, test } from 'vitest';

import { timeZones } from './timeZones';

const january = new Date('2026-01-15T00:00:00Z');

test('zones go from west to east, each with its present offset', () => {
  const zones = timeZones('UTC', january);
  const labels = new Map(zones.map((zone) => [zone.name, zone.label]));
  expect(labels.get('Asia/Riyadh')).toBe('(UTC+03:00) Asia/Riyadh');
  expect(labels.get('America/New_York')).toBe('(UTC−05:00) America/New York');
  expect(labels.get('Asia/Kathmandu') ?? labels.get('Asia/Katmandu')).toContain('UTC+05:45');
  const order = zones.map((zone) => zone.name);
  expect(order.indexOf('America/New_York')).toBeLessThan(order.indexOf('Asia/Riyadh'));
});

test('the person’s own zone is there even if the browser does not list it', () => {
  expect(timeZones('Etc/UTC', january).some((zone) => zone.name === 'Etc/UTC')).toBe(true);
});
