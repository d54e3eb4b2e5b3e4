import { expect, test } from 'vitest';

import { Problem } from './problem';
import { mayRetry } from './queryClient';

test('a refusal is an answer and is not asked for again', () => {
  expect(mayRetry(0, new Problem(403, 'forbidden', null))).toBe(false);
});

test('a short failure is asked for again, three times', () => {
  const away = new Problem(503, 'unavailable', null, {}, 20);
  expect([0, 1, 2, 3].map((failures) => mayRetry(failures, away))).toEqual([true, true, true, false]);
});

test('a failure that was long in coming is told at once', () => {
  expect(mayRetry(0, new Problem(503, 'unavailable', null, {}, 15_000))).toBe(false);
  expect(mayRetry(0, Problem.unreachable(15_000))).toBe(false);
});
