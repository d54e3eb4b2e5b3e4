/** `<heliograph-engagement>`: asks every minute while somebody can see it, and shows what it knows meanwhile. */
import { ask, type Engagement, type Outcome, type Trouble } from './ask';
import { putStyle } from './styles';
import { themeAround, watchTheme } from './theme';
import { View, type Language } from './view';

export interface Options {
  /** Where the server is, without a slash at the end. */
  host: string;
  key: string;
  /** As the script tag says; otherwise the page's language, otherwise the person's. */
  language?: string | undefined;
  theme?: string | undefined;
}

export const REFRESH_MS = 60_000;
const FIRST_RETRY_MS = 5_000;

/** Troubles that end by themselves, so that asking again makes sense. */
const passes = (trouble: Trouble): boolean => trouble === 'offline' || trouble === 'away';

export class EngagementElement extends HTMLElement {
  options: Options = { host: '', key: '' };
  private readonly root = this.attachShadow({ mode: 'open' });
  private numbers: Engagement | null = null;
  private trouble: Trouble | null = null;
  private isVisible = true;
  private askedAt = -Infinity;
  private retryMs = FIRST_RETRY_MS;
  private timer: number | undefined;
  private readonly endings: (() => void)[] = [];

  connectedCallback(): void {
    putStyle(this.root);
    const plan = (): void => this.plan();
    document.addEventListener('visibilitychange', plan);
    window.addEventListener('online', this.again);
    const watcher = new IntersectionObserver(([entry]) => {
      this.isVisible = entry?.isIntersecting ?? true;
      this.plan();
    });
    watcher.observe(this);
    this.endings.push(
      () => document.removeEventListener('visibilitychange', plan),
      () => window.removeEventListener('online', this.again),
      () => watcher.disconnect(),
      watchTheme(() => this.paintTheme()),
    );
    this.show();
    this.again();
  }

  disconnectedCallback(): void {
    window.clearTimeout(this.timer);
    for (const end of this.endings.splice(0)) end();
  }

  private readonly again = (): void => {
    this.askedAt = -Infinity;
    this.plan();
  };

  /** Asks when it is time, and only while somebody can see the answer. */
  private plan(): void {
    window.clearTimeout(this.timer);
    if (!this.isConnected || document.visibilityState !== 'visible' || !this.isVisible) return;
    if (this.trouble !== null && !passes(this.trouble) && this.askedAt !== -Infinity) return;
    const every = this.trouble === null ? REFRESH_MS : this.retryMs;
    const wait = Math.max(0, this.askedAt + every - performance.now());
    this.timer = window.setTimeout(() => void this.ask(), wait);
  }

  private async ask(): Promise<void> {
    this.askedAt = performance.now();
    this.take(await ask(this.options.host, this.options.key));
  }

  private take(outcome: Outcome): void {
    if ('numbers' in outcome) {
      this.numbers = outcome.numbers;
      this.trouble = null;
      this.retryMs = FIRST_RETRY_MS;
    } else {
      this.trouble = outcome.trouble;
      if (!passes(outcome.trouble)) this.numbers = null; // the key may no longer see them
      else this.retryMs = Math.min(this.retryMs * 2, REFRESH_MS);
    }
    this.show();
    this.plan();
  }

  private show(): void {
    const view = new View(this.language(), this.options.host, this.numbers?.timeZone ?? 'UTC');
    const isOpen = this.root.querySelector('details')?.open ?? false;
    const next =
      this.numbers !== null
        ? view.numbers(this.numbers, this.trouble !== null)
        : this.trouble !== null
          ? view.trouble(this.trouble, this.again)
          : view.loading();
    const details = next.querySelector('details');
    if (details !== null) details.open = isOpen;
    const isFocused = this.root.activeElement?.tagName === 'SUMMARY';
    this.root.replaceChildren(next);
    if (isFocused) this.root.querySelector('summary')?.focus();
    this.paintTheme();
  }

  private language(): Language {
    const page = this.closest('[lang]')?.getAttribute('lang') ?? undefined;
    const wanted = this.options.language ?? (page === '' ? undefined : page) ?? this.numbers?.locale ?? navigator.language;
    return /^ar\b/i.test(wanted) ? 'ar' : 'en';
  }

  private paintTheme(): void {
    this.dataset.shown = themeAround(this, this.options.theme);
  }
}
