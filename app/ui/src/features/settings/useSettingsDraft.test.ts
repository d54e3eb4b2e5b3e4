import { act, renderHook } from '@testing-library/react';
import { expect, test } from 'vitest';

import type { TrackingSettings } from '../../api/types';
import { useSettingsDraft } from './useSettingsDraft';

const saved = (change: Partial<TrackingSettings> = {}): TrackingSettings => ({
  userTrackingEnabled: true,
  campaignTrackingEnabled: true,
  retentionDays: 90,
  departmentMinPeople: 5,
  showUserDashboard: true,
  excludeBots: true,
  recordCountry: true,
  version: 3,
  lastChange: null,
  ...change,
});

test('a draft survives a reload, and is sent with the version it began at', () => {
  const first = renderHook(() => useSettingsDraft(saved(), 'acme'));
  act(() => first.result.current.set({ excludeBots: false }));
  first.unmount();
  const { result } = renderHook(() => useSettingsDraft(saved({ retentionDays: 30, version: 4 }), 'acme'));
  expect(result.current.changed).toEqual(['excludeBots']);
  expect(result.current.body).toMatchObject({ excludeBots: false, retentionDays: 30, version: 3 });
  act(() => result.current.rebase());
  expect(result.current.body.version).toBe(4);
  act(() => result.current.discard());
  expect(result.current.changed).toEqual([]);
});

test('what is set back is no change, and another organisation has its own draft', () => {
  const { result } = renderHook(() => useSettingsDraft(saved(), 'acme'));
  act(() => result.current.set({ retentionDays: 30 }));
  expect(renderHook(() => useSettingsDraft(saved(), 'other')).result.current.changed).toEqual([]);
  act(() => result.current.set({ retentionDays: 90 }));
  expect(result.current.changed).toEqual([]);
});
