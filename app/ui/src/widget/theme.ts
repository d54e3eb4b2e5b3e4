/** Light or dark: as asked, else as the page around looks, else as the reader's system prefers. */
export type Theme = 'light' | 'dark';

const prefersDark = '(prefers-color-scheme: dark)';

export function themeAround(element: Element, asked: string | undefined): Theme {
  if (asked === 'light' || asked === 'dark') return asked;
  for (let at: Element | null = element.parentElement; at !== null; at = at.parentElement) {
    const theme = themeOf(getComputedStyle(at).backgroundColor);
    if (theme !== null) return theme;
  }
  return window.matchMedia(prefersDark).matches ? 'dark' : 'light';
}

/** Of a ground as the browser gives it, `rgb(…)`, `oklch(…)` and the like; null where one looks through it. */
export function themeOf(ground: string): Theme | null {
  const [first = NaN, green = NaN, blue = NaN, alpha = 1] = [...ground.matchAll(/-?[\d.]+(?:e-?\d+)?/g)].map(([figure]) => Number(figure));
  if (ground.startsWith('rgb')) {
    if (alpha < 0.5 || Number.isNaN(blue)) return null;
    return 0.2126 * first + 0.7152 * green + 0.0722 * blue < 110 ? 'dark' : 'light';
  }
  if (!/^(ok)?l(ch|ab)/.test(ground) || alpha < 0.5) return null;
  return first < (ground.startsWith('ok') ? 0.5 : 45) ? 'dark' : 'light';
}

/** Calls back whenever the page or the system may have changed its mind; returns how to end that. */
export function watchTheme(onChange: () => void): () => void {
  const system = window.matchMedia(prefersDark);
  system.addEventListener('change', onChange);
  const watcher = new MutationObserver(onChange);
  for (const target of [document.documentElement, document.body]) {
    watcher.observe(target, { attributes: true, attributeFilter: ['class', 'style', 'data-theme', 'data-bs-theme'] });
  }
  return () => {
    system.removeEventListener('change', onChange);
    watcher.disconnect();
  };
}
