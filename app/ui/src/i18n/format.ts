/** Dates, numbers and zones in one person's language, digits and time zone; all through `Intl`. */
import type { Digits, Language } from '../preferences/preferences';

export interface Format {
  readonly locale: string;
  readonly timeZone: string;
  number: (value: number) => string;
  /** One decimal at most: averages. */
  average: (value: number) => string;
  /** `value` is a whole percentage: 12 → “12%”. */
  percent: (value: number) => string;
  /** Two decimals at most, for shares near the whole: 99.97%. */
  exactPercent: (value: number) => string;
  /** With a sign: −8%, +12%. */
  signedPercent: (value: number) => string;
  /** A moment's time of day. */
  time: (at: string | number) => string;
  /** With seconds and, if it is not today, the date. */
  moment: (at: string | number) => string;
  /** A calendar date `YYYY-MM-DD`, which belongs to no zone. */
  day: (date: string, style: 'short' | 'long') => string;
  weekday: (name: string) => string;
  /** ISO weekday 1 (Monday) … 7 (Sunday). */
  isoWeekday: (day: number) => string;
  /** A whole hour of the day, 0–23. */
  hour: (hour: number) => string;
  /** A zone as people write it: “Asia/Riyadh”, “America/New York”, “UTC”. */
  zone: (name: string) => string;
  /** The same with its offset at that moment: “Asia/Riyadh (GMT+3)”. */
  zoneAt: (name: string, at: string | number) => string;
  /** Names in a sentence; those in the other direction keep to themselves, so that the order of the names is the sentence's. */
  list: (items: readonly string[]) => string;
  country: (code: string) => string;
}

const ENGLISH_WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
/** A Monday. */
const SOME_MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

/** The tag given to `Intl`: the Gregorian calendar always, because the API counts in it. */
export function localeTag(language: Language, digits: Digits): string {
  return language === 'ar' ? `ar-u-ca-gregory-nu-${digits}` : 'en-GB-u-ca-gregory';
}

export function makeFormat(language: Language, digits: Digits, timeZone: string): Format {
  const locale = localeTag(language, digits);
  const dates = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => new Intl.DateTimeFormat(locale, options);
  const number = new Intl.NumberFormat(locale);
  const average = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  const exact = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 2 });
  const signed = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0, signDisplay: 'exceptZero' });
  const time = dates({ hour: '2-digit', minute: '2-digit', timeZone });
  const exactTime = dates({ hour: '2-digit', minute: '2-digit', second: '2-digit', timeZone });
  const dayAndTime = dates({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', timeZone });
  const shortDay = dates({ day: 'numeric', month: 'short', timeZone: 'UTC' });
  const longDay = dates({ weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' });
  const weekday = dates({ weekday: 'long', timeZone: 'UTC' });
  const hour = dates({ hour: language === 'ar' ? 'numeric' : '2-digit', minute: '2-digit', timeZone: 'UTC' });
  const calendarDay = new Intl.DateTimeFormat('en-CA', { timeZone });
  const list = new Intl.ListFormat(locale, { type: 'conjunction' });
  const foreign = language === 'ar' ? /[A-Za-z]/ : /[\u0590-\u08ff]/;
  const countries = new Intl.DisplayNames(locale, { type: 'region', fallback: 'code' });
  // Signs stay on their side of the digits inside Arabic text: U+2066 and U+2069 isolate them.
  const isolate = (figure: string): string => (language === 'ar' ? `\u2066${figure}\u2069` : figure);
  const isoWeekday = (day: number): string => weekday.format(SOME_MONDAY + (day - 1) * DAY_MS);

  const zone = (name: string): string => (/^(Etc\/)?(UTC|GMT|UCT|Zulu|Universal)$/.test(name) ? 'UTC' : name.replaceAll('_', ' '));

  return {
    locale,
    timeZone,
    number: (value) => number.format(value),
    average: (value) => average.format(value),
    percent: (value) => isolate(percent.format(value / 100)),
    exactPercent: (value) => isolate(exact.format(value / 100)),
    signedPercent: (value) => isolate(signed.format(value / 100).replace('-', '\u2212')),
    time: (at) => time.format(new Date(at)),
    moment: (at) => {
      const isToday = calendarDay.format(new Date(at)) === calendarDay.format(new Date());
      return (isToday ? exactTime : dayAndTime).format(new Date(at));
    },
    day: (date, style) => (style === 'short' ? shortDay : longDay).format(new Date(`${date}T00:00:00Z`)),
    weekday: (name) => {
      const index = ENGLISH_WEEKDAYS.indexOf(name.toLowerCase());
      return index < 0 ? name : isoWeekday(index + 1);
    },
    isoWeekday,
    hour: (value) => hour.format(Date.UTC(2024, 0, 1, value % 24)),
    zone,
    zoneAt: (name, at) => {
      const said = zone(name);
      if (said === 'UTC') return said;
      const parts = new Intl.DateTimeFormat('en', { timeZoneName: 'shortOffset', timeZone: name }).formatToParts(new Date(at));
      return `${said} (${parts.find((part) => part.type === 'timeZoneName')?.value ?? 'GMT'})`;
    },
    list: (items) => list.format(items.map((item) => (foreign.test(item) ? `\u2068${item}\u2069` : item))),
    country: (code) => countries.of(code) ?? code,
  };
}
