import { expect, test } from 'vitest';

import { mailDocument, plainText, withoutPixel } from './signatureHtml';

const pixel = 'http://127.0.0.1:8801/api/t/u/tG3kAbCdEfGhIjKlMnOpQrSt.gif';
const html =
  '<table><tr><td><div><b>Layla  Haddad</b></div><div>Director · Sales</div>' +
  `<img src="https://example.com/logo.png" width="80" height="20" alt="Logo"><img src="${pixel}" width="1" height="1" alt=""></td></tr></table>`;

test('a preview keeps everything but the pixel', () => {
  const preview = withoutPixel(html, pixel);
  expect(preview).not.toContain(pixel);
  expect(preview).toContain('logo.png');
});

test('a tiny image is taken for a pixel even under another address', () => {
  expect(withoutPixel(html, null)).not.toContain(pixel);
});

test('plain text has a line for each line of the signature', () => {
  expect(plainText(html)).toBe('Layla Haddad\nDirector · Sales');
});

test('a mail frame never sends a referrer and carries the signature as it is', () => {
  const frame = mailDocument(html, 'dark');
  expect(frame).toContain('name="referrer" content="no-referrer"');
  expect(frame).toContain(html);
});
