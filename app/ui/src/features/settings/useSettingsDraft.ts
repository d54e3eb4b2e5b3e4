import { useState } from 'react';

import type { TrackingSettings } from '../../api/types';

/** The settings, without what the server adds. */
export type Six = Omit<TrackingSettings, 'version' | 'lastChange'>;
export const NAMES = [
  'userTrackingEnabled',
  'campaignTrackingEnabled',
  'showUserDashboard',
  'excludeBots',
  'recordCountry',
  'retentionDays',
  'departmentMinPeople',
] as const satisfies readonly (keyof Six)[];

interface Draft {
  /** The version the person was looking at when they began. */
  version: number;
  changes: Partial<Six>;
}

export interface SettingsDraft {
  values: Six;
  changed: readonly (keyof Six)[];
  /** What to send: all of them, and the version they are a change of. */
  body: Six & { version: number };
  set: (change: Partial<Six>) => void;
  /** Go on from what is saved now, keeping one's own changes: after a conflict was seen. */
  rebase: () => void;
  discard: () => void;
}

/** Settings being edited, kept over a reload of this tab. Only what was touched is kept; the rest follows the server. */
export function useSettingsDraft(saved: TrackingSettings, organisation: string): SettingsDraft {
  const key = `heliograph.draft.tracking.${organisation}`;
  const [draft, setDraft] = useState<Draft | null>(() => stored(key));
  const keep = (next: Draft | null): void => {
    setDraft(next);
    try {
      if (next === null) sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, JSON.stringify(next));
    } catch {
      // Storage is switched off: the draft lives as long as the page.
    }
  };
  const six = Object.fromEntries(NAMES.map((name) => [name, saved[name]])) as Six;
  const values = { ...six, ...draft?.changes };
  const changed = NAMES.filter((name) => values[name] !== saved[name]);
  return {
    values,
    changed,
    body: { ...values, version: draft?.version ?? saved.version },
    set: (change) => keep({ version: draft?.version ?? saved.version, changes: { ...draft?.changes, ...change } }),
    rebase: () => keep(draft === null ? null : { ...draft, version: saved.version }),
    discard: () => keep(null),
  };
}

function stored(key: string): Draft | null {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(key) ?? 'null');
    const isDraft = typeof value === 'object' && value !== null && 'version' in value && 'changes' in value;
    return isDraft ? (value as Draft) : null;
  } catch {
    return null;
  }
}
