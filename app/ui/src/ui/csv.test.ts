import { expect, test } from 'vitest';

import { toCsv } from './csv';

test('cells with commas, quotes and line breaks stay one cell', () => {
  expect(toCsv([['a,b', 'say "hi"', 'two\nlines', 3]])).toBe('\uFEFF"a,b","say ""hi""","two\nlines",3\r\n');
});

test('a name that a spreadsheet would run stays text', () => {
  expect(toCsv([['=cmd()', '+1', '-1', '@x', '＝1', ' =1', -1]])).toBe("\uFEFF'=cmd(),'+1,'-1,'@x,'＝1,' =1,-1\r\n");
});
