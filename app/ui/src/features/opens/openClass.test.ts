import { describe, expect, test } from 'vitest';

import type { Open } from '../../api/types';
import { decisiveOf } from './openClass';

const open = (changes: Partial<Open>): Open => ({
  id: '0192f0c1-2b3c-7d4e-8f90-123456789abc',
  at: '2025-11-20T10:00:00Z',
  openClass: 'human',
  isCounted: true,
  device: 'desktop',
  country: null,
  reasons: ['browser_plain'],
  confidence: 0.95,
  ...changes,
});

describe('what an open is explained by', () => {
  test('is its class', () => {
    expect(decisiveOf(open({}))).toBe('human');
  });

  test('is the limit, if that kept it out', () => {
    expect(decisiveOf(open({ isCounted: false, reasons: ['rate_limited', 'browser_plain'] }))).toBe('rate_limited');
  });

  test('is the rule that took it back', () => {
    const changes = { openClass: 'scanner', isCounted: false, reasons: ['behaviour_many_tokens'] } as const;
    expect(decisiveOf(open({ ...changes, reasons: [...changes.reasons] }))).toBe('behaviour_many_tokens');
  });
});
