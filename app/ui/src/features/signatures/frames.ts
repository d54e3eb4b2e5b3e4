/** Documents for the sandboxed frames that stand for mail programs. They load nothing from anywhere. */

const FALLBACK = { width: 160, height: 48 };

/** The same HTML with a drawn box for each picture of another server, as large as the picture says it is. */
export function withBoxes(html: string): { html: string; boxes: number } {
  const document = new DOMParser().parseFromString(html, 'text/html');
  let boxes = 0;
  for (const image of document.querySelectorAll('img')) {
    const source = image.getAttribute('src') ?? '';
    if (source.startsWith('data:')) continue;
    boxes += 1;
    image.setAttribute('src', box(sizeOf(image, 'width'), sizeOf(image, 'height'), hostOf(source)));
  }
  return { html: document.body.innerHTML, boxes };
}

/** A message with the signature under it, as a light or a dark mail program shows it. */
export function mailFrame(html: string, look: 'light' | 'dark', lead: string, direction: 'ltr' | 'rtl'): string {
  // Dark: light and dark exchanged while hues and pictures stay, which is what mail programs with a dark mode do.
  const dark = look === 'dark' ? 'html{filter:invert(.88) hue-rotate(180deg)}img{filter:invert(1) hue-rotate(180deg)}' : '';
  return (
    '<!doctype html><html><head><meta charset="utf-8"><meta name="referrer" content="no-referrer">' +
    '<meta name="color-scheme" content="light"><meta name="viewport" content="width=device-width">' +
    `<style>html{background:#fff}body{margin:16px;color:#1f2328;font:14px/1.5 Arial,sans-serif}.lead{color:#57606a}${dark}</style></head>` +
    `<body><p class="lead" dir="${direction}">${escaped(lead)}</p>${html}</body></html>`
  );
}

function sizeOf(image: HTMLImageElement, side: 'width' | 'height'): number {
  const said = Number.parseInt(image.getAttribute(side) ?? image.style[side], 10);
  return Number.isFinite(said) && said > 0 ? Math.min(said, 1200) : FALLBACK[side];
}

function hostOf(source: string): string {
  try {
    return new URL(source).host || source;
  } catch {
    return source;
  }
}

function box(width: number, height: number, label: string): string {
  const size = Math.max(7, Math.min(11, width / Math.max(label.length, 1) / 0.6));
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${String(width)}" height="${String(height)}">` +
    '<rect x=".5" y=".5" width="99%" height="96%" rx="3" fill="#eef1f5" stroke="#8a94a3" stroke-dasharray="4 3"/>' +
    `<text x="50%" y="50%" text-anchor="middle" dominant-baseline="central" font-family="Arial" font-size="${String(size)}" fill="#4b5563">${escaped(label)}</text></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
