/** The widget's own style, as a sheet made by the script: a strict content security policy has nothing to forbid.
 *
 * The colours are those of `ui/tokens.css`, which a test holds together. A page may set `--heliograph-font` and
 * `--heliograph-accent`. */
const LIGHT = `
  --surface: oklch(1 0 0); --border: oklch(0.912 0.006 252); --text: oklch(0.235 0.02 258);
  --text-muted: oklch(0.465 0.018 256); --text-faint: oklch(0.53 0.016 256); --accent-text: oklch(0.475 0.175 260);
  --chart-1: oklch(0.545 0.165 259); --surface-sunken: oklch(0.962 0.004 250); --focus: oklch(0.58 0.19 258);
`;
const DARK = `
  --surface: oklch(0.214 0.014 262); --border: oklch(0.292 0.016 262); --text: oklch(0.945 0.006 255);
  --text-muted: oklch(0.745 0.014 257); --text-faint: oklch(0.665 0.016 257); --accent-text: oklch(0.76 0.115 257);
  --chart-1: oklch(0.68 0.145 258); --surface-sunken: oklch(0.19 0.013 262); --focus: oklch(0.72 0.14 257);
`;

export const css = `
:host { all: initial; display: block; max-inline-size: 440px; color-scheme: light; }
:host([hidden]) { display: none; }
* { box-sizing: border-box; margin: 0; padding: 0; }
.card { ${LIGHT} padding: 16px; border: 1px solid var(--border); border-radius: 12px; background: var(--surface);
  color: var(--text); font: 14px/1.5 var(--heliograph-font, system-ui, sans-serif); text-align: start; overflow-wrap: anywhere; }
:host([data-shown='dark']) { color-scheme: dark; }
:host([data-shown='dark']) .card { ${DARK} }
.card:lang(ar) { line-height: 1.65; }
.title { color: var(--text-muted); font-size: 13px; font-weight: 600; }
.answer { margin-block: 4px; font-size: 16px; line-height: 1.4; text-wrap: pretty; }
.card:lang(ar) .answer { line-height: 1.6; }
.answer b { font-weight: 650; }
.note { color: var(--text-muted); font-size: 13px; text-wrap: pretty; }
.note + .note { margin-block-start: 4px; }
.bars { display: flex; align-items: flex-end; gap: 6px; block-size: 116px; margin-block: 16px 12px; }
.bars > div { display: flex; flex: 1; flex-direction: column; justify-content: flex-end; block-size: 100%; min-inline-size: 0;
  color: var(--text-muted); font-size: 12px; font-variant-numeric: tabular-nums; text-align: center; white-space: nowrap; }
.bar { min-block-size: 1px; border-radius: 3px 3px 0 0; background: var(--heliograph-accent, var(--chart-1)); }
.zero .bar { background: var(--border); border-radius: 0; }
.today .bar { background: repeating-linear-gradient(135deg, var(--heliograph-accent, var(--chart-1)) 0 3px, transparent 3px 5px);
  border: 1px solid var(--heliograph-accent, var(--chart-1)); border-block-end: 0; }
.zero.today .bar { border: 0; background: var(--border); }
.today { font-weight: 600; }
.bone { block-size: 1em; margin-block: 8px; border-radius: 6px; background: var(--surface-sunken); }
.foot { margin-block-start: 12px; color: var(--text-faint); font-size: 12px; }
details { margin-block-start: 4px; color: var(--text-muted); font-size: 12px; }
summary { inline-size: fit-content; cursor: pointer; color: var(--text-muted); }
details p { margin-block-start: 4px; }
a { color: var(--accent-text); text-underline-offset: 3px; }
button { min-block-size: 32px; margin-block-start: 8px; padding-inline: 12px; border: 1px solid var(--border); border-radius: 8px;
  background: var(--surface); color: var(--text); font: inherit; cursor: pointer; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
.hidden { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (pointer: coarse) { button { min-block-size: 40px; } summary { padding-block: 6px; } }
`;

/** Puts the style into a shadow root. Browsers older than constructable sheets (2023) show the widget unstyled. */
export function putStyle(root: ShadowRoot): void {
  if (!('adoptedStyleSheets' in root)) return;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];
}
