import { expect, test } from 'vitest';

import { barPages, grouped, PAGES } from './pages';

test('the bar of phones has at most five entries, and loses no page', () => {
  const { shown, rest } = barPages(PAGES);
  expect(shown).toHaveLength(4);
  expect([...shown, ...rest]).toEqual(PAGES);
  expect(barPages(PAGES.slice(0, 5))).toEqual({ shown: PAGES.slice(0, 5), rest: [] });
});

test('settings stand together, the account last, and no page is lost or named twice', () => {
  const { work, settings, self } = grouped(PAGES);
  expect(settings.every((page) => page.to.startsWith('/settings/'))).toBe(true);
  expect(self.map((page) => page.to)).toContain('/account');
  expect(new Set([...work, ...settings, ...self])).toEqual(new Set(PAGES));
});

test('no two pages have the same key', () => {
  expect(new Set(PAGES.map((page) => page.key)).size).toBe(PAGES.length);
});
