/** Two counts of the same length of time, compared honestly: opens come as a Poisson process at best, so the share
 * of the newer count among both is binomial, and Wilson's interval for it gives one for the ratio. */

/** Below this many opens before, a percentage would be noise. */
export const FEWEST_TO_COMPARE = 10;
/** 95 %, two-sided. */
const Z = 1.959964;

export type Comparison =
  | { kind: 'few' }
  | { kind: 'same' | 'more' | 'less'; percent: number; low: number; high: number; isLikely: boolean };

/** Whole percentages by which `now` differs from `before`; `low` and `high` bound the true change (95 %). */
export function compareCounts(now: number, before: number): Comparison {
  if (before < FEWEST_TO_COMPARE) return { kind: 'few' };
  const total = now + before;
  const share = now / total;
  const middle = (share + (Z * Z) / (2 * total)) / (1 + (Z * Z) / total);
  const half = (Z / (1 + (Z * Z) / total)) * Math.sqrt((share * (1 - share)) / total + (Z * Z) / (4 * total * total));
  const change = (part: number): number => Math.round((part / (1 - part) - 1) * 100);
  const low = change(Math.max(0, middle - half));
  const high = change(middle + half);
  const percent = Math.round((now / before - 1) * 100);
  const kind = now === before ? 'same' : now > before ? 'more' : 'less';
  return { kind, percent: Math.abs(percent), low, high, isLikely: low > 0 || high < 0 };
}
