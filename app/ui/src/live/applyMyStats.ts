/** What a live message about my statistics means for the answers already on screen. */
import type { QueryClient } from '@tanstack/react-query';

import { DAILY_KEY, myOpensQuery, myStatsQuery } from '../api/queries';
import type { Daily, MyStats } from '../api/types';

/** Writes the absolute counters into the cache; asks again only for what the message does not carry. */
export function applyMyStats(client: QueryClient, stats: MyStats): void {
  const before = client.getQueryData<MyStats>(myStatsQuery.queryKey);
  if (before !== undefined && before.asOf > stats.asOf) return; // an answer newer than this message
  client.setQueryData(myStatsQuery.queryKey, stats);
  if (before?.lastOpenAt === stats.lastOpenAt && before.today.opens === stats.today.opens) return;
  for (const [key, daily] of client.getQueriesData<Daily>({ queryKey: [DAILY_KEY] })) {
    if (daily === undefined) continue;
    const last = daily.data.at(-1);
    if (last?.date === stats.todayDate && daily.timeZone === stats.timeZone) {
      client.setQueryData<Daily>(key, { ...daily, data: [...daily.data.slice(0, -1), { ...last, ...stats.today }] });
    } else {
      void client.invalidateQueries({ queryKey: key }); // the day has changed since
    }
  }
  void client.invalidateQueries({ queryKey: myOpensQuery.queryKey });
}
