import { act, renderHook } from '@testing-library/react';
import { expect, test } from 'vitest';

import type { Template } from './queries';
import { useTemplateDraft } from './useTemplateDraft';

const saved = (change: Partial<Template> = {}): Template => ({
  html: '<p>{{name}}</p>',
  defaults: {},
  version: 3,
  isBuiltIn: false,
  placeholders: ['name'],
  updatedAt: null,
  updatedBy: null,
  ...change,
});

test('a draft survives a reload, and is sent with the version it began at', () => {
  const first = renderHook(() => useTemplateDraft(saved(), 'acme'));
  act(() => first.result.current.set({ html: '<b>{{name}}</b>' }));
  first.unmount();
  const { result } = renderHook(() => useTemplateDraft(saved({ html: 'theirs', version: 4 }), 'acme'));
  expect(result.current.body).toEqual({ html: '<b>{{name}}</b>', defaults: {}, version: 3 });
  act(() => result.current.rebase(4));
  expect(result.current.body.version).toBe(4);
  act(() => result.current.discard());
  expect(result.current.values.html).toBe('theirs');
});

test('an empty default is none', () => {
  const { result } = renderHook(() => useTemplateDraft(saved(), 'other'));
  act(() => result.current.set({ defaults: { phone: ' ' } }));
  expect(result.current.isChanged).toBe(false);
  expect(result.current.body.defaults).toEqual({});
});
