import { act, renderHook } from '@testing-library/react';
import { expect, test } from 'vitest';

import { useDraft } from './useDraft';

const saved = { name: 'Layla', phone: '' };

test('a draft survives a reload and goes when it is discarded', () => {
  const first = renderHook(() => useDraft('profile', saved));
  act(() => first.result.current.set('name', 'Leila'));
  expect(first.result.current.isChanged).toBe(true);
  first.unmount();

  const second = renderHook(() => useDraft('profile', saved));
  expect(second.result.current.values).toEqual({ name: 'Leila', phone: '' });
  act(() => second.result.current.discard());
  expect(second.result.current.values).toEqual(saved);
  expect(second.result.current.isChanged).toBe(false);
});

test('typing the saved value again is no change', () => {
  const { result } = renderHook(() => useDraft('profile', saved));
  act(() => result.current.set('name', 'Leila'));
  act(() => result.current.set('name', 'Layla'));
  expect(result.current.isChanged).toBe(false);
});
