import { QueryClient } from '@tanstack/react-query';
import { beforeEach, expect, test } from 'vitest';

import { dailyQuery, myOpensQuery, myStatsQuery } from '../api/queries';
import type { Daily } from '../api/types';
import { someStats } from '../testing/samples';
import { applyMyStats } from './applyMyStats';

const daily: Daily = {
  data: [
    { date: '2026-11-21', opens: 4, unique: 3 },
    { date: '2026-11-22', opens: 12, unique: 8 },
  ],
  timeZone: 'Asia/Riyadh',
};
let client: QueryClient;
const isAskedAgain = (key: readonly unknown[]): boolean => client.getQueryState(key)?.isInvalidated ?? false;

beforeEach(() => {
  client = new QueryClient();
  client.setQueryData(myStatsQuery.queryKey, someStats());
  client.setQueryData(dailyQuery(30).queryKey, daily);
  client.setQueryData(myOpensQuery.queryKey, { data: [] });
});

const later = someStats({ today: { opens: 13, unique: 9 }, asOf: '2026-11-22T09:31:00Z', lastOpenAt: '2026-11-22T09:30:59Z' });

test('the counters of a message are the answer', () => {
  applyMyStats(client, later);
  expect(client.getQueryData(myStatsQuery.queryKey)).toEqual(later);
});

test('today’s bar follows, the days before stay', () => {
  applyMyStats(client, later);
  expect(client.getQueryData(dailyQuery(30).queryKey)?.data).toEqual([daily.data[0], { date: '2026-11-22', opens: 13, unique: 9 }]);
  expect(isAskedAgain(dailyQuery(30).queryKey)).toBe(false);
});

test('the list of opens is asked for again', () => {
  applyMyStats(client, later);
  expect(isAskedAgain(myOpensQuery.queryKey)).toBe(true);
});

test('after midnight the days are asked for again', () => {
  applyMyStats(client, { ...later, todayDate: '2026-11-23', asOf: '2026-11-22T21:00:00Z', today: { opens: 0, unique: 0 } });
  expect(isAskedAgain(dailyQuery(30).queryKey)).toBe(true);
});

test('a message older than what is shown changes nothing', () => {
  applyMyStats(client, { ...later, asOf: '2026-11-22T09:00:00Z' });
  expect(client.getQueryData(myStatsQuery.queryKey)).toEqual(someStats());
});

test('a message without a new open asks for nothing', () => {
  applyMyStats(client, someStats({ asOf: '2026-11-22T09:31:00Z' }));
  expect(isAskedAgain(myOpensQuery.queryKey)).toBe(false);
});

test('which day it is says the server, whose zone rules may be newer than the browser’s', () => {
  applyMyStats(client, { ...later, asOf: '2026-11-22T21:00:00Z', today: { opens: 14, unique: 9 } });
  expect(client.getQueryData(dailyQuery(30).queryKey)?.data.at(-1)).toEqual({ date: '2026-11-22', opens: 14, unique: 9 });
});
