/** What the pages do with the HTML of a signature: show it without its pixel, in a mail, and as plain text. */

/** The signature without the image that counts opens, so that looking at a preview is not an open. */
export function withoutPixel(html: string, pixelUrl: string | null): string {
  const document = new DOMParser().parseFromString(html, 'text/html');
  for (const image of document.querySelectorAll('img')) {
    const isPixel = image.src === pixelUrl || image.getAttribute('src') === pixelUrl;
    if (isPixel || (image.getAttribute('width') === '1' && image.getAttribute('height') === '1')) image.remove();
  }
  return document.body.innerHTML;
}

/** The signature as lines of text, for places that take no HTML. */
export function plainText(html: string): string {
  const document = new DOMParser().parseFromString(html.replaceAll(/<br\s*\/?>|<\/(?:div|p|tr|table|li|h\d)>/gi, '$&\n'), 'text/html');
  return document.body.textContent
    .split('\n')
    .map((line) => line.replaceAll(/\s+/g, ' ').trim())
    .filter((line) => line !== '')
    .join('\n');
}

/** A whole document for a sandboxed frame, coloured as mail programs do. */
export function mailDocument(html: string, look: 'light' | 'dark', lead = ''): string {
  // Dark: light and dark exchanged while hues stay, which is what mail programs with a dark mode do.
  const dark = look === 'dark' ? 'html{filter:invert(.9) hue-rotate(180deg)}' : '';
  return (
    '<!doctype html><html><head><meta name="referrer" content="no-referrer"><meta name="color-scheme" content="light">' +
    `<style>html{background:#fff}body{margin:20px;color:#1f2328;font:15px/1.5 Arial,sans-serif}${dark}</style></head>` +
    `<body>${lead}${html}</body></html>`
  );
}
