/** Periods of the daily chart; the URL holds the choice as `?days=30`. */
export const PERIODS = [7, 30, 90] as const;
export type PeriodDays = (typeof PERIODS)[number];

/** What a URL says, or 30 days where it says nothing we know. */
export function checkedPeriod(search: Record<string, unknown>): { days: PeriodDays } {
  return { days: PERIODS.find((days) => days === Number(search.days)) ?? 30 };
}
