import { readFileSync } from 'node:fs';

import { waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { placeholdersOf, type Message } from '../i18n/plural';
import type { Engagement } from './ask';
import type { EngagementElement } from './element';
import { mount } from './main';
import { css } from './styles';
import { texts } from './texts';
import { themeOf } from './theme';

const NUMBERS: Engagement = {
  thisWeek: { opens: 142, unique: 90 },
  lastWeek: { opens: 200, unique: 120 },
  lastWeekToDate: { opens: 100, unique: 70 },
  daily: [3, 0, 12, 8, 20, 1, 5].map((opens, index) => ({ date: `2026-01-0${index + 1}`, opens, unique: opens })),
  peakHours: [{ hour: 10, day: 'Tuesday', avgOpens: 8.3 }],
  notCounted: { opens: 3, byReason: { scanner: 3 } },
  excludesBots: true,
  isTrackingOn: true,
  retentionDays: 90,
  locale: 'en',
  timeZone: 'Asia/Riyadh',
  weekStartsOn: 1,
  asOf: '2026-01-07T09:00:00Z',
  lastOpenAt: '2026-01-07T08:00:00Z',
};

const answer = (numbers: Partial<Engagement> = {}): Response => Response.json({ ...NUMBERS, ...numbers });
const fetching = vi.fn<typeof fetch>();

function place(data: Record<string, string> = {}): EngagementElement {
  const script = document.createElement('script');
  script.type = 'text/plain'; // jsdom shall not load it
  script.src = 'https://helio.example.test/widget.js';
  Object.assign(script.dataset, { key: 'hg_test' }, data);
  document.body.append(script);
  return mount(script);
}

const textOf = (element: EngagementElement): string => element.shadowRoot?.textContent ?? '';
const shows = (element: EngagementElement, text: string): Promise<void> => waitFor(() => expect(textOf(element)).toContain(text));

beforeEach(() => {
  vi.stubGlobal('fetch', fetching);
  vi.stubGlobal('IntersectionObserver', class {
    observe = (): void => undefined;
    disconnect = (): void => undefined;
  });
  document.documentElement.lang = 'en';
});

afterEach(() => {
  document.body.replaceChildren();
  fetching.mockReset();
});

test('it stands behind its script, asks once with its key and no cookies, and says how this week compares', async () => {
  fetching.mockResolvedValue(answer());
  const element = place();
  expect(element.previousElementSibling?.tagName).toBe('SCRIPT');
  await shows(element, 'Opened 142 times this week, 42% more than by this time last week.');
  expect(fetching).toHaveBeenCalledExactlyOnceWith(
    'https://helio.example.test/api/widget/engagement',
    expect.objectContaining({ headers: { authorization: 'Bearer hg_test' }, credentials: 'omit' }),
  );
  for (const text of ['That is more than chance', 'Last week, in all: 200.', 'Most often on Tuesday', '3 loads of your pixel', 'kept for 90 days', 'As of 12:00']) {
    expect(textOf(element)).toContain(text);
  }
});

test('the bars are a table for those who cannot see them', async () => {
  fetching.mockResolvedValue(answer());
  const element = place();
  await shows(element, '142 times');
  expect(element.shadowRoot?.querySelector('.bars')?.getAttribute('aria-hidden')).toBe('true');
  expect(element.shadowRoot?.querySelectorAll('tbody tr')).toHaveLength(7);
  expect(element.shadowRoot?.querySelector('tbody tr:last-child th')?.textContent).toBe('Wednesday 7 January (so far)');
});

test('it speaks Arabic, from right to left, as the tag or the page says', async () => {
  fetching.mockImplementation(() => Promise.resolve(answer({ peakHours: [] })));
  const asked = place({ lang: 'ar' });
  await shows(asked, 'فُتح توقيعك');
  expect(asked.shadowRoot?.querySelector('section')?.dir).toBe('rtl');
  document.documentElement.lang = 'ar-SA';
  await shows(place(), 'الفتحات أقل من أن تدل على أفضل ساعة.');
});

test('it goes into the target', () => {
  fetching.mockResolvedValue(answer());
  const target = document.createElement('div');
  target.id = 'here';
  document.body.append(target);
  expect(place({ target: '#here' }).parentElement).toBe(target);
});

test.each([
  [{ lastOpenAt: null }, 'Nobody has opened your signature yet.'],
  [{ thisWeek: { opens: 0, unique: 0 } }, 'No opens yet this week.'],
  [{ lastWeekToDate: { opens: 2, unique: 2 } }, 'too few to say more'],
  [{ peakHours: [] }, 'Too few opens yet to name the best hour.'],
  [{ notCounted: { opens: 0, byReason: {} } }, 'Nothing was left out this week.'],
  [{ notCounted: { opens: 0, byReason: {} }, excludesBots: false }, 'Your organisation counts machines too.'],
  [{ isTrackingOn: false }, 'Tracking is switched off'],
] satisfies [Partial<Engagement>, string][])('%j is said', async (numbers, text) => {
  fetching.mockResolvedValue(answer(numbers));
  await shows(place(), text);
});

test.each([
  [401, {}, 'has expired or was revoked'],
  [403, {}, 'does not name this site'],
  [403, { setting: 'showUserDashboard' }, 'switched off personal engagement pages'],
  [503, {}, 'The server did not answer.'],
])('an answer of %i %j is explained', async (status, problem, text) => {
  fetching.mockResolvedValue(Response.json(problem, { status }));
  await shows(place(), text);
});

test('what the browser refuses while the server answers is the key or the site', async () => {
  fetching.mockRejectedValueOnce(new TypeError('Failed to fetch')).mockResolvedValue(new Response());
  await shows(place(), 'does not name this site (http://localhost:3000)');
});

test('without a key nothing is asked', async () => {
  await shows(place({ key: ' ' }), 'Its script tag needs data-key.');
  expect(fetching).not.toHaveBeenCalled();
});

test('numbers stay, and say how old they are, while the server is away; a revoked key takes them down', async () => {
  fetching.mockResolvedValueOnce(answer());
  const element = place();
  await shows(element, '142 times');
  fetching.mockRejectedValue(new TypeError('Failed to fetch'));
  window.dispatchEvent(new Event('online'));
  await shows(element, 'As of 12:00, not reachable since');
  expect(textOf(element)).toContain('142 times');
  fetching.mockReset().mockResolvedValue(Response.json({}, { status: 401 }));
  window.dispatchEvent(new Event('online'));
  await shows(element, 'was revoked');
  expect(textOf(element)).not.toContain('142 times');
});

test('nobody sees it: nobody asks', async () => {
  const state = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
  const element = place();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(fetching).not.toHaveBeenCalled();
  state.mockRestore();
  fetching.mockResolvedValue(answer());
  document.dispatchEvent(new Event('visibilitychange'));
  await shows(element, '142 times');
});

test('nothing is kept on the device', async () => {
  fetching.mockResolvedValue(answer());
  await shows(place(), '142 times');
  expect([localStorage.length, sessionStorage.length, document.cookie]).toEqual([0, 0, '']);
});

test('grounds are told light from dark, and what one looks through is neither', () => {
  expect(['rgb(255, 255, 255)', 'rgb(20, 20, 30)', 'rgba(0, 0, 0, 0)', 'oklch(0.2 0.01 260)', 'lab(90 0 0)', 'transparent'].map(themeOf)).toEqual([
    'light',
    'dark',
    null,
    'dark',
    'light',
    null,
  ]);
});

test('both languages have the same texts with the same values, and Arabic its six forms', () => {
  const forms = (message: Message): string[] => (typeof message === 'string' ? [message] : Object.values(message));
  const values = (message: Message): string[] => [...new Set(forms(message).flatMap(placeholdersOf))].sort();
  expect(Object.keys(texts.ar)).toEqual(Object.keys(texts.en));
  for (const [key, english] of Object.entries(texts.en)) {
    const arabic = texts.ar[key as keyof typeof texts.ar];
    expect(values(arabic), key).toEqual(values(english));
    if (typeof english !== 'string') expect(Object.keys(arabic), key).toHaveLength(6);
  }
});

test('its colours are those of the product', () => {
  const tokens = readFileSync('src/ui/tokens.css', 'utf8');
  const [light = '', dark = ''] = tokens.split("[data-theme='dark']");
  const own = [...css.matchAll(/(--[\w-]+): (oklch\([^)]*\))/g)].map(([, name = '', value = '']) => `${name}: ${value};`);
  expect(own.filter((line) => !light.includes(line) && !dark.includes(line))).toEqual([]);
  expect(own).toHaveLength(18);
});
