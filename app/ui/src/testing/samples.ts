/** Answers of the API as tests need them; each test changes what it is about. */
import type { MyStats } from '../api/types';

export const someStats = (change: Partial<MyStats> = {}): MyStats => ({
  today: { opens: 12, unique: 8 },
  todayDate: '2026-11-22',
  thisWeek: { opens: 142, unique: 97 },
  thisMonth: { opens: 486, unique: 331 },
  lastWeek: { opens: 131, unique: 90 },
  lastWeekToDate: { opens: 100, unique: 75 },
  trend: { direction: 'up', percentage: 42 },
  peakHours: [{ hour: 10, day: 'Tuesday', avgOpens: 8.3 }],
  byDevice: { desktop: 65, mobile: 30, tablet: 5 },
  notCounted: { opens: 0, byReason: {} },
  timeZone: 'Asia/Riyadh',
  weekStartsOn: 1,
  asOf: '2026-11-22T09:30:00Z',
  lastOpenAt: '2026-11-22T09:29:00Z',
  ...change,
});
