import { expect, test } from 'vitest';

import { mailFrame, withBoxes } from './frames';

test('pictures of other servers become boxes of their size, and nothing is loaded', () => {
  const { html, boxes } = withBoxes('<img src="https://cdn.example/a.png" width="120" height="40"><img src="data:image/gif;base64,AA"><img src="cid:logo">');
  expect(boxes).toBe(2);
  expect(html).not.toContain('https://cdn.example/a.png');
  expect(decodeURIComponent(html)).toContain('width="120" height="40"');
});

test('what is said above the signature stays text', () => {
  expect(mailFrame('<b>x</b>', 'dark', '<script>', 'ltr')).toContain('&lt;script&gt;');
});
