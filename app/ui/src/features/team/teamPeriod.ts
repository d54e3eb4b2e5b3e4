/** The period of the team pages in the URL: `?days=30`, or `?from=2026-01-01&to=2026-01-31`, both days included. */
import type { TeamSearch } from '../../api/queries';
import { PERIODS } from '../engagement/periods';

export interface TeamPeriod {
  days?: number;
  from?: string;
  to?: string;
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** True for a day that exists: 30 February does not. */
export function isDay(text: unknown): text is string {
  if (typeof text !== 'string' || !DATE.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** What a URL says, or 30 days where it says nothing we know. */
export function checkedTeamPeriod(search: Record<string, unknown>): TeamPeriod {
  const { from, to } = search;
  if (isDay(from) && isDay(to) && from <= to) return { from, to };
  return { days: PERIODS.find((days) => days === Number(search.days)) ?? 30 };
}

/** The same as the API takes it. */
export const periodOf = ({ days, from, to }: TeamPeriod): TeamSearch =>
  from !== undefined && to !== undefined ? { from, to } : { days: days ?? 30 };
