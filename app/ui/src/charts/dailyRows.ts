import type { Day } from '../api/types';

export interface DailyRow {
  date: string;
  opens: number;
  unique: number;
  /** Opens beyond the first of each reader: what stands on top of `unique` in a bar. */
  repeats: number;
  /** The opens of the same weekday a week earlier; null where the period does not reach back so far. */
  weekEarlier: number | null;
  /** The last day is today and goes on. */
  isSoFar: boolean;
}

/** Days as bars and table rows, oldest first as the API gives them. */
export function dailyRows(days: readonly Day[]): DailyRow[] {
  return days.map((day, index) => ({
    date: day.date,
    opens: day.opens,
    unique: day.unique,
    repeats: day.opens - day.unique,
    weekEarlier: days[index - 7]?.opens ?? null,
    isSoFar: index === days.length - 1,
  }));
}
