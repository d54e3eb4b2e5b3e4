import { act, renderHook } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';

import type { Campaign } from './queries';
import { useCampaignDraft } from './useCampaignDraft';

const saved = (change: Partial<Campaign> = {}): Campaign => ({
  id: 'c1',
  name: 'Autumn',
  description: '',
  state: 'draft',
  startsAt: null,
  endsAt: null,
  startedAt: null,
  endedAt: null,
  audienceKind: 'everybody',
  departments: [],
  audience: { kind: 'everybody', departments: [], people: [] },
  audiencePeople: [],
  people: 3,
  bannerHtml: '',
  runs: [],
  steps: ['start'],
  isTrackingOn: true,
  createdAt: '2026-11-22T09:30:00Z',
  createdBy: null,
  updatedAt: '2026-11-22T09:30:00Z',
  version: 4,
  ...change,
});

beforeEach(() => localStorage.clear());

test('what was typed survives a reload and is sent with the version it began at', () => {
  const first = renderHook(() => useCampaignDraft(saved()));
  act(() => first.result.current.set({ name: 'Winter' }));
  first.unmount();
  const again = renderHook(() => useCampaignDraft(saved({ version: 6, description: 'by somebody else' })));
  expect(again.result.current.changed).toEqual(['name']);
  expect(again.result.current.body).toMatchObject({ name: 'Winter', description: 'by somebody else', version: 4 });
  act(() => again.result.current.rebase());
  expect(again.result.current.body.version).toBe(6);
});

test('what is as saved is no change, also in lists', () => {
  const { result } = renderHook(() => useCampaignDraft(saved()));
  act(() => result.current.set({ audience: { kind: 'people', departments: [], people: ['p1'] } }));
  expect(result.current.changed).toEqual(['audience']);
  act(() => result.current.set({ audience: { kind: 'everybody', departments: [], people: [] } }));
  expect(result.current.changed).toEqual([]);
});

test('discarding leaves nothing behind, and drafts of campaigns are apart', () => {
  const { result } = renderHook(() => useCampaignDraft(saved()));
  act(() => result.current.set({ name: 'Winter' }));
  expect(renderHook(() => useCampaignDraft(saved({ id: 'c2' }))).result.current.changed).toEqual([]);
  act(() => result.current.discard());
  expect(localStorage).toHaveLength(0);
  expect(result.current.values.name).toBe('Autumn');
});
