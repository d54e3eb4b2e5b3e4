import { useState } from 'react';

/** Values being edited, kept over a reload of this tab until they are saved or discarded. */
export function useDraft<Values extends Record<string, string>>(name: string, saved: Values): {
  values: Values;
  isChanged: boolean;
  set: (key: keyof Values, value: string) => void;
  discard: () => void;
} {
  const key = `heliograph.draft.${name}`;
  const [changes, setChanges] = useState<Partial<Values>>(() => stored(key));
  const values = { ...saved, ...changes };
  const keep = (next: Partial<Values>): void => {
    setChanges(next);
    try {
      if (Object.keys(next).length === 0) sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, JSON.stringify(next));
    } catch {
      // Storage is switched off: the draft lives as long as the page.
    }
  };
  return {
    values,
    isChanged: Object.entries(values).some(([field, value]) => value !== saved[field]),
    set: (field, value) => keep({ ...changes, [field]: value }),
    discard: () => keep({}),
  };
}

function stored<Values>(key: string): Partial<Values> {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? '{}') as Partial<Values>;
  } catch {
    return {};
  }
}
