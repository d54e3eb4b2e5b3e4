import { expect, test } from 'vitest';

import { matches } from './matches';

test('each word asked for begins a word of the text, in any order', () => {
  expect(matches('Go to My engagement', 'eng go')).toBe(true);
  expect(matches('Go to My engagement', 'gage')).toBe(false);
});

test('case and marks do not matter', () => {
  expect(matches('Theme: Dark', 'DARK')).toBe(true);
  expect(matches('Résumé', 'resume')).toBe(true);
  expect(matches('سجّل الخروج', 'سجل')).toBe(true);
});

test('nothing asked matches everything', () => {
  expect(matches('Account', ' ')).toBe(true);
});
