/** The script of the widget: `<script src="https://HOST/widget.js" data-key="hg_…" async></script>`. */
import { EngagementElement } from './element';

const NAME = 'heliograph-engagement';
let isDefined = false;

/** A page with two widgets runs this script twice, each time with a class of its own; a name is given only once. */
function define(): void {
  if (isDefined) return;
  let name = NAME;
  for (let count = 2; customElements.get(name) !== undefined; count++) name = `${NAME}-${count}`;
  customElements.define(name, EngagementElement);
  isDefined = true;
}

/** Puts a widget where the tag asks for it: into `data-target`, or right behind the tag itself. */
export function mount(script: HTMLScriptElement): EngagementElement {
  define();
  const element = new EngagementElement();
  const { key = '', lang, theme, target } = script.dataset;
  element.options = { host: new URL(script.src).origin, key: key.trim(), language: lang, theme };
  const place = target === undefined ? null : document.querySelector(target);
  if (place !== null) place.append(element);
  else script.after(element);
  return element;
}

const own = document.currentScript;
if (own instanceof HTMLScriptElement) {
  // A target may stand behind the script, and `async` does not wait for it.
  if (own.dataset.target !== undefined && document.readyState === 'loading') {
    document.addEventListener('DOMContentLoaded', () => mount(own), { once: true });
  } else {
    mount(own);
  }
}
