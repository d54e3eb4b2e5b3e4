/** Waiting time before attempt `attempt` (0, 1, …) in ms: doubles from 0.5 s to 15 s, with up to a third taken off
 * at random, so that a thousand open pages do not return in the same moment. */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(500 * 2 ** attempt, 15_000);
  return Math.round(ceiling * (1 - random() / 3));
}
