import { expect, test } from 'vitest';

import { originOf, policyOf, snippetOf } from './embedSnippet';

test.each([
  ['intranet.example', 'https://intranet.example'],
  [' https://Intranet.example/start?x=1 ', 'https://intranet.example'],
  ['http://localhost:3000', 'http://localhost:3000'],
  ['https://intranet.example:443', 'https://intranet.example'],
  ['', null],
  ['not a site', null],
  ['ftp://intranet.example', null],
  ['https://*.example', null],
  ['https://me@intranet.example', null],
])('%j is the site %j', (typed, origin) => {
  expect(originOf(typed)).toBe(origin);
});

test('the tag and the policy name the server', () => {
  expect(snippetOf('https://h.example', 'hg_a-b')).toBe('<script src="https://h.example/widget.js" data-key="hg_a-b" async></script>');
  expect(policyOf('https://h.example')).toBe('script-src https://h.example; connect-src https://h.example');
});
