import { expect, test } from 'vitest';

import { compareCounts } from './compareCounts';

test('under ten opens before, it is too few to say', () => {
  expect(compareCounts(50, 9)).toEqual({ kind: 'few' });
  expect(compareCounts(0, 0)).toEqual({ kind: 'few' });
});

test('a small change may be chance: the interval holds no change', () => {
  expect(compareCounts(53, 47)).toMatchObject({ kind: 'more', percent: 13, isLikely: false });
});

test('a large change is more than chance', () => {
  expect(compareCounts(142, 100)).toMatchObject({ kind: 'more', percent: 42, isLikely: true });
  expect(compareCounts(40, 100)).toMatchObject({ kind: 'less', percent: 60, isLikely: true });
});

test('the interval is that of the ratio of two Poisson means', () => {
  // Wilson for 142 of 242: 0.5239 … 0.6469, which as odds is 1.10 … 1.83
  const compared = compareCounts(142, 100);
  expect(compared).toMatchObject({ low: 10, high: 83 });
});

test('nothing this week against many is a fall of 100 percent', () => {
  expect(compareCounts(0, 30)).toMatchObject({ kind: 'less', percent: 100, low: -100, isLikely: true });
});

test('the same count is the same, and never likely', () => {
  expect(compareCounts(30, 30)).toMatchObject({ kind: 'same', percent: 0, isLikely: false });
});
