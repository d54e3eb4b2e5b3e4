/** What one person prefers on one device: theme, language, digits, side bar. Kept in local storage, never in URLs. */
import { useSyncExternalStore } from 'react';

export type Theme = 'system' | 'light' | 'dark';
export type Language = 'en' | 'ar';
export type Digits = 'latn' | 'arab';

export interface Preferences {
  theme: Theme;
  /** Absent until chosen here: the person's profile or the browser decides. */
  language?: Language;
  /** What the profile said last; `public/boot.js` uses it before the profile is loaded. */
  profileLanguage?: Language;
  digits: Digits;
  isSidebarCollapsed: boolean;
}

/** Also read by `public/boot.js`, before the first paint. */
const STORAGE_KEY = 'heliograph.preferences';
const defaults: Preferences = { theme: 'system', digits: 'latn', isSidebarCollapsed: false };
const listeners = new Set<() => void>();
const prefersDark = window.matchMedia('(prefers-color-scheme: dark)');

let current = stored();

function stored(): Preferences {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '{}');
    return typeof value === 'object' && value !== null ? { ...defaults, ...value } : defaults;
  } catch {
    return defaults; // storage is switched off or damaged
  }
}

function apply(): void {
  const isDark = current.theme === 'dark' || (current.theme === 'system' && prefersDark.matches);
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
  for (const listener of listeners) listener();
}

export function setPreferences(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(current));
  } catch {
    // Kept for this visit only.
  }
  apply();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

prefersDark.addEventListener('change', apply);
window.addEventListener('storage', (event) => {
  if (event.key !== STORAGE_KEY) return;
  current = stored();
  apply();
});

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, () => current);
}
