/** What the widget shows, as elements: nothing is ever parsed, so there is nothing to inject into. */
import { compareCounts } from '../features/engagement/compareCounts';
import { localeTag, makeFormat } from '../i18n/format';
import { chooseForm, fillText } from '../i18n/plural';
import type { Engagement, Trouble } from './ask';
import { texts, type Texts } from './texts';

export type Language = 'en' | 'ar';
type Child = Node | string;

function el<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, className: string, ...children: Child[]): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  if (className !== '') made.className = className;
  made.append(...children);
  return made;
}

/** Everything in one language and time zone. */
export class View {
  private readonly format;
  private readonly rules;

  constructor(
    private readonly language: Language,
    private readonly host: string,
    zone: string,
  ) {
    this.format = makeFormat(language, 'latn', zone);
    this.rules = new Intl.PluralRules(language);
  }

  card(...children: Child[]): HTMLElement {
    const title = el('div', 'title', this.t('title'));
    title.setAttribute('role', 'heading');
    title.setAttribute('aria-level', '2');
    const card = el('section', 'card', title, ...children);
    card.setAttribute('aria-label', this.t('title'));
    card.lang = this.language;
    card.dir = this.language === 'ar' ? 'rtl' : 'ltr';
    return card;
  }

  loading(): HTMLElement {
    const said = el('p', 'hidden', this.t('loading'));
    said.setAttribute('role', 'status');
    const bones = ['80%', '60%', '100%'].map((size) => {
      const bone = el('div', 'bone');
      bone.style.inlineSize = size;
      return bone;
    });
    bones.at(-1)?.style.setProperty('block-size', '116px');
    return this.card(said, ...bones);
  }

  trouble(trouble: Trouble, onRetry: () => void): HTMLElement {
    const text = el('p', 'note', this.t(trouble, { origin: location.origin }));
    text.setAttribute('role', 'alert');
    const retry = el('button', '', this.t('retry'));
    retry.type = 'button';
    retry.addEventListener('click', onRetry);
    return trouble === 'noKey' ? this.card(text) : this.card(text, retry);
  }

  numbers(numbers: Engagement, isStale: boolean): HTMLElement {
    const off = numbers.isTrackingOn ? [] : [el('p', 'note', this.t('off'))];
    const foot = el('p', 'foot', this.t(isStale ? 'stale' : 'asOf', { time: this.format.time(numbers.asOf), zone: numbers.timeZone.replaceAll('_', ' ') }));
    const rest = [...off, foot, this.about(numbers.retentionDays)];
    if (numbers.lastOpenAt === null) return this.card(el('p', 'answer', this.t('empty')), ...rest);
    return this.card(
      el('p', 'answer', ...this.answer(numbers)),
      el('p', 'note', `${this.certainty(numbers)} ${this.t('lastWeek', { count: numbers.lastWeek.opens })}`),
      this.bars(numbers.daily),
      this.table(numbers.daily),
      el('p', 'note', this.peak(numbers)),
      el('p', 'note', this.notCounted(numbers)),
      ...rest,
    );
  }

  private t(key: keyof Texts, values: Record<string, string | number> = {}): string {
    const { count } = values;
    const words = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typeof value === 'number' ? this.format.number(value) : value]));
    const message = texts[this.language][key];
    // “Nothing was left out” is said in languages whose rules know no zero, too.
    if (count === 0 && typeof message !== 'string' && message.zero !== undefined) return fillText(message.zero, words);
    return fillText(chooseForm(message, typeof count === 'number' ? count : undefined, this.rules), words);
  }

  /** The sentence, with its two figures in bold. */
  private answer({ thisWeek, lastWeekToDate }: Engagement): Child[] {
    if (thisWeek.opens === 0) return [this.t('none')];
    const comparison = compareCounts(thisWeek.opens, lastWeekToDate.opens);
    const { kind } = comparison;
    const key = kind === 'few' || kind === 'same' ? kind : 'change';
    const bold: Record<string, string> = { opens: this.t('times', { count: thisWeek.opens }) };
    if (kind === 'more' || kind === 'less') bold.change = this.t(kind, { percent: this.format.percent(comparison.percent) });
    return this.t(key)
      .split(/(\{\w+\})/)
      .map((piece) => {
        const text = bold[piece.slice(1, -1)];
        return text === undefined ? piece : el('b', '', text);
      });
  }

  private certainty({ thisWeek, lastWeekToDate }: Engagement): string {
    const comparison = compareCounts(thisWeek.opens, lastWeekToDate.opens);
    if (comparison.kind === 'few') return this.t('certainFew', { count: lastWeekToDate.opens });
    const { signedPercent } = this.format;
    return this.t(comparison.isLikely ? 'certainLikely' : 'certainChance', { low: signedPercent(comparison.low), high: signedPercent(comparison.high) });
  }

  private bars(daily: Engagement['daily']): HTMLElement {
    const most = Math.max(1, ...daily.map((day) => day.opens));
    const weekday = new Intl.DateTimeFormat(localeTag(this.language, 'latn'), { weekday: this.language === 'ar' ? 'narrow' : 'short', timeZone: 'UTC' });
    const bars = el('div', 'bars');
    bars.setAttribute('aria-hidden', 'true'); // the table says the same
    daily.forEach((day, index) => {
      const bar = el('div', 'bar');
      // Room for the figure above and the day below: 40 of 116 px.
      bar.style.blockSize = `${(day.opens / most) * 76}px`;
      const isToday = index === daily.length - 1;
      bars.append(
        el('div', `${day.opens === 0 ? 'zero' : ''} ${isToday ? 'today' : ''}`, el('span', '', this.format.number(day.opens)), bar, el('span', '', weekday.format(Date.parse(day.date)))),
      );
    });
    return bars;
  }

  /** The bars for those who cannot see them. */
  private table(daily: Engagement['daily']): HTMLElement {
    const cell = (tag: 'td' | 'th', scope: string, text: string): HTMLElement => {
      const made = el(tag, '', text);
      if (scope !== '') made.setAttribute('scope', scope);
      return made;
    };
    const head = el('tr', '', ...(['day', 'opens', 'unique'] as const).map((key) => cell('th', 'col', this.t(key))));
    const rows = daily.map((day, index) => {
      const soFar = index === daily.length - 1 ? ` (${this.t('soFar')})` : '';
      return el(
        'tr',
        '',
        cell('th', 'row', this.format.day(day.date, 'long') + soFar),
        cell('td', '', this.format.number(day.opens)),
        cell('td', '', this.format.number(day.unique)),
      );
    });
    const table = el('table', '', el('caption', '', this.t('daily')), el('thead', '', head), el('tbody', '', ...rows));
    return el('div', 'hidden', table);
  }

  private peak({ peakHours }: Engagement): string {
    const [best] = peakHours;
    if (best === undefined) return this.t('peakFew');
    const { weekday, hour } = this.format;
    return this.t('peak', { day: weekday(best.day), from: hour(best.hour), to: hour(best.hour + 1) });
  }

  private notCounted({ notCounted, excludesBots }: Engagement): string {
    if (notCounted.opens === 0 && !excludesBots) return this.t('countsMachines');
    return this.t('notCounted', { count: notCounted.opens });
  }

  private about(retentionDays: number): HTMLElement {
    const link = el('a', '', this.t('aboutLink'));
    link.href = `${this.host}/about`;
    link.target = '_blank';
    link.rel = 'noopener noreferrer';
    return el(
      'details',
      '',
      el('summary', '', this.t('about')),
      el('p', '', this.t('aboutHow')),
      el('p', '', this.t('aboutKept', { count: retentionDays })),
      el('p', '', link),
    );
  }
}
