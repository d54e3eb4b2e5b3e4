import { useState } from 'react';

import type { Campaign } from './queries';

/** What people decide about a campaign, without what the server adds. */
export type Wish = Pick<Campaign, 'name' | 'description' | 'startsAt' | 'endsAt' | 'audience' | 'bannerHtml'>;
const NAMES = ['name', 'description', 'startsAt', 'endsAt', 'audience', 'bannerHtml'] as const satisfies readonly (keyof Wish)[];

interface Draft {
  /** The version the person was looking at when they began. */
  version: number;
  changes: Partial<Wish>;
}

export interface CampaignDraft {
  values: Wish;
  changed: readonly (keyof Wish)[];
  /** What to send: all of it, and the version it is a change of. */
  body: Wish & { version: number };
  set: (change: Partial<Wish>) => void;
  /** Go on from what is saved now, keeping one's own changes: after a conflict was seen. */
  rebase: () => void;
  discard: () => void;
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

const keyOf = (id: string): string => `heliograph.draft.campaign.${id}`;

/** Whether something typed on this device is not saved yet: steps work on what is saved. */
export function hasUnsaved(campaign: Campaign): boolean {
  const changes = stored(keyOf(campaign.id))?.changes ?? {};
  return NAMES.some((name) => name in changes && !same(changes[name], campaign[name]));
}

/** A campaign being edited, kept on this device over a reload and a closed tab until it is saved or discarded. */
export function useCampaignDraft(saved: Campaign): CampaignDraft {
  const key = keyOf(saved.id);
  const [draft, setDraft] = useState<Draft | null>(() => stored(key));
  const keep = (next: Draft | null): void => {
    setDraft(next);
    try {
      if (next === null) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify(next));
    } catch {
      // Storage is switched off: the draft lives as long as the page.
    }
  };
  const own = Object.fromEntries(NAMES.map((name) => [name, saved[name]])) as unknown as Wish;
  const values: Wish = { ...own, ...draft?.changes };
  return {
    values,
    changed: NAMES.filter((name) => !same(values[name], saved[name])),
    body: { ...values, version: draft?.version ?? saved.version },
    set: (change) => keep({ version: draft?.version ?? saved.version, changes: { ...draft?.changes, ...change } }),
    rebase: () => keep(draft === null ? null : { ...draft, version: saved.version }),
    discard: () => keep(null),
  };
}

function stored(key: string): Draft | null {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? 'null');
    const isDraft = typeof value === 'object' && value !== null && 'version' in value && 'changes' in value;
    return isDraft ? (value as Draft) : null;
  } catch {
    return null;
  }
}
