import { describe, expect, test } from 'vitest';

import { makeFormat } from './format';
import { chooseForm, fillNodes, fillText } from './plural';

describe('formats', () => {
  const english = makeFormat('en', 'latn', 'Asia/Riyadh');
  const arabic = makeFormat('ar', 'arab', 'Asia/Riyadh');

  test('times are those of the person’s zone', () => {
    expect(english.time('2026-11-22T09:04:00Z')).toBe('12:04');
    expect(english.zoneAt('Asia/Riyadh', '2026-11-22T09:04:00Z')).toBe('Asia/Riyadh (GMT+3)');
    expect(english.zoneAt('America/New_York', '2026-07-22T09:04:00Z')).toBe('America/New York (GMT-4)');
    expect(english.zoneAt('Etc/UTC', '2026-11-22T09:04:00Z')).toBe('UTC');
  });

  test('names in the other direction keep the order of the sentence', () => {
    expect(english.list(['Sales', 'Product'])).toBe('Sales and Product');
    expect(english.list(['Sales', 'المنتج'])).toBe('Sales and \u2068المنتج\u2069');
    expect(arabic.list(['Customer Success', 'المبيعات'])).toBe('\u2068Customer Success\u2069 والمبيعات');
  });

  test('a calendar date belongs to no zone', () => {
    for (const zone of ['Pacific/Kiritimati', 'Pacific/Niue']) {
      expect(makeFormat('en', 'latn', zone).day('2026-11-22', 'long')).toBe('Sunday 22 November');
    }
  });

  test('Arabic uses the Gregorian calendar and the digits that were chosen', () => {
    expect(arabic.number(1234)).toBe('١٬٢٣٤');
    expect(makeFormat('ar', 'latn', 'UTC').number(1234)).toBe('1,234');
    expect(arabic.day('2026-11-22', 'long')).toContain('نوفمبر');
  });

  test('a signed percentage stands by itself inside Arabic text', () => {
    expect(makeFormat('ar', 'latn', 'UTC').signedPercent(12)).toMatch(/^\u2066.*12.*\u2069$/u);
    expect(english.signedPercent(-8)).toBe('−8%');
    expect(english.signedPercent(12)).toBe('+12%');
  });

  test('weekdays are named from the API’s English name or the ISO number', () => {
    expect(english.weekday('Tuesday')).toBe('Tuesday');
    expect(arabic.weekday('Tuesday')).toBe('الثلاثاء');
    expect(english.isoWeekday(7)).toBe('Sunday');
  });

  test('the hour after 23 is midnight', () => {
    expect(english.hour(24)).toBe('00:00');
  });
});

describe('plural forms', () => {
  const opens = { zero: 'لا', one: 'واحدة', two: 'اثنتان', few: 'قليل', many: 'كثير', other: 'غير' };

  test.each([
    [0, 'لا'],
    [1, 'واحدة'],
    [2, 'اثنتان'],
    [3, 'قليل'],
    [11, 'كثير'],
    [100, 'غير'],
  ])('Arabic has its own form for %i', (count, form) => {
    expect(chooseForm(opens, count, new Intl.PluralRules('ar'))).toBe(form);
  });

  test('a placeholder without a value stays visible', () => {
    expect(fillText('{a} and {b}', { a: '1' })).toBe('1 and {b}');
  });

  test('elements keep the order of the sentence', () => {
    expect(fillNodes('x {a} y {b}.', { a: 1, b: 2 })).toEqual(['x ', 1, ' y ', 2, '.']);
  });
});
