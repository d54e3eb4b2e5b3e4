import { expect, test } from 'vitest';

import { Problem } from '../../api/problem';
import type { I18n } from '../../i18n/I18n';
import { ar } from '../../i18n/ar';
import { fillText } from '../../i18n/plural';
import { mistakeText, refusalText } from './mistakeTexts';

const t: I18n['t'] = (key, values = {}) => fillText(ar[key] as string, values as Record<string, string>);
const MISSPELT = { code: 'misspelt', values: { name: 'nmae', nearest: '{{name}}' }, message: 'in English', line: 1, column: 1, nearest: 'name' };

test('a mistake is said in the language of the interface, with what the server found', () => {
  const said = mistakeText(MISSPELT, t);
  expect(said).toContain('`nmae`');
  expect(said).toContain('`{{name}}`');
  expect(said).toMatch(/[\u0600-\u06ff]/);
});

test('a mistake or refusal of a newer server keeps its English', () => {
  expect(mistakeText({ ...MISSPELT, code: 'unheard_of' }, t)).toBe('in English');
  const refused = (reason?: string) => new Problem(422, 'bad_input', 'html: in English', { field: 'html', ...(reason === undefined ? {} : { reason }) });
  expect(refusalText(refused(), t)).toBe('html: in English');
  expect(refusalText(refused('unreadable'), t)).toBe(ar['signatures.refused.unreadable']);
  expect(refusalText(new TypeError('no problem of the API'), t)).toBeNull();
});
