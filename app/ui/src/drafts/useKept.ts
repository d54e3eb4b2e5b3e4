import { useState } from 'react';

/** Where a draft lives: with this tab, or on this device, also after the tab was closed. */
export type Place = 'tab' | 'device';

const storage = (place: Place): Storage => (place === 'tab' ? sessionStorage : localStorage);

/** State that survives a reload until it is null again; what was stored and is no `Kept` any more is forgotten. */
export function useKept<Kept>(
  place: Place,
  key: string,
  isKept: (value: object) => value is Kept & object,
): [Kept | null, (next: Kept | null) => void] {
  const [kept, setKept] = useState<Kept | null>(() => storedAt(place, key, isKept));
  const keep = (next: Kept | null): void => {
    setKept(next);
    try {
      if (next === null) storage(place).removeItem(key);
      else storage(place).setItem(key, JSON.stringify(next));
    } catch {
      // Storage is switched off: the draft lives as long as the page.
    }
  };
  return [kept, keep];
}

/** What is kept at a place, or null. */
export function storedAt<Kept>(place: Place, key: string, isKept: (value: object) => value is Kept & object): Kept | null {
  try {
    const value: unknown = JSON.parse(storage(place).getItem(key) ?? 'null');
    return typeof value === 'object' && value !== null && isKept(value) ? value : null;
  } catch {
    return null;
  }
}
