import { readdirSync, readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { ar } from './ar';
import { en, type MessageKey } from './en';
import { placeholdersOf, type Message } from './plural';

const keys = Object.keys(en) as MessageKey[];
const forms = (message: Message): string[] => (typeof message === 'string' ? [message] : Object.values(message));
const placeholders = (message: Message): string[] => [...new Set(forms(message).flatMap(placeholdersOf))].sort();

test('no text is left over from something that is gone', () => {
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.|i18n\/(en|ar)(\.ts$|\/)/.test(name))
    .map((name) => readFileSync(`src/${name}`, 'utf8'))
    .join('\n');
  // `open.class.${name}` stands for every key that begins and ends so.
  const patterns = [...sources.matchAll(/`([a-zA-Z]+\.[\w.]*)\$\{[^}]*\}([\w.]*)`/g)].map(([, start = '', end = '']) => [start, end] as const);
  const isUsed = (key: string): boolean =>
    sources.includes(`'${key}'`) || patterns.some(([start, end]) => key.startsWith(start) && key.endsWith(end));
  expect(keys.filter((key) => !isUsed(key))).toEqual([]);
});

test('both catalogues have the same keys', () => {
  expect(Object.keys(ar).sort()).toEqual([...keys].sort());
});

describe.each(keys)('%s', (key) => {
  test('is filled with the same values in both languages', () => {
    expect(placeholders(ar[key])).toEqual(placeholders(en[key]));
  });

  test('is not empty, has no exclamation mark, and has its plural forms', () => {
    for (const text of [...forms(en[key]), ...forms(ar[key])]) {
      expect(text.trim()).not.toBe('');
      expect(text).not.toMatch(/[!！]/);
    }
    const english: Message = en[key];
    const arabic: Message = ar[key];
    if (typeof english === 'string' || typeof arabic === 'string' || Object.keys(english).length === 1) return;
    const needed = new Intl.PluralRules('ar').resolvedOptions().pluralCategories;
    expect(Object.keys(arabic).sort()).toEqual([...needed].sort());
  });
});
