import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';

import { I18nProvider } from '../../i18n/I18n';
import { CampaignAnswer } from './CampaignAnswer';
import type { CampaignStats, Comparison } from './queries';

const comparison = (change: Partial<Comparison> = {}): Comparison => ({
  tooFew: false,
  reason: null,
  minimum: { people: 15, opens: 30, days: 1 },
  found: { people: 40, opens: 300, days: 7 },
  rate: 3,
  rateBefore: 2,
  difference: 1,
  ratio: { value: 1.5, low: 1.2, high: 1.9 },
  verdict: 'higher',
  ...change,
});

const stats = (change: Partial<Comparison>, opens = 840): CampaignStats => ({
  campaignId: 'c1',
  state: 'active',
  opens,
  unique: 500,
  activePeople: 38,
  people: 41,
  notCounted: 0,
  dropped: [],
  activeDays: 7,
  baseline: { firstAt: '2026-11-08T09:00:00Z', untilAt: '2026-11-15T09:00:00Z', weeksBefore: 1, days: 7, people: 40 },
  campaignAgainstBefore: comparison(change),
  everydayAgainstBefore: comparison(),
  daily: [],
  byDepartment: [],
  byPerson: [],
  arePeopleShown: true,
  departmentMinPeople: null,
  timeZone: 'UTC',
  asOf: '2026-11-22T09:30:00Z',
});

const shown = (given: CampaignStats): string => {
  const { container } = render(
    <I18nProvider profileLanguage="en" timeZone="UTC">
      <CampaignAnswer stats={given} />
    </I18nProvider>,
  );
  return container.textContent;
};

test('a clear difference is told with its range', () => {
  const text = shown(stats({}));
  expect(text).toContain('840 times, 50% more');
  expect(text).toContain('between +20% and +90%');
});

test('a range that holds one is no difference', () => {
  expect(shown(stats({ ratio: { value: 1.1, low: 0.8, high: 1.5 }, verdict: 'no_clear_difference' }))).toContain('not clearly more or less often');
});

test('too few people are said to be too few, with the minimum, and no percentage', () => {
  const text = shown(stats({ tooFew: true, reason: 'few_people', ratio: null, verdict: null, found: { people: 4, opens: 300, days: 7 } }));
  expect(text).toContain('At least 15 people have to be compared; here it is 4.');
  expect(text).not.toContain('%');
});

test('nothing opened is said so', () => {
  shown(stats({ tooFew: true, reason: 'few_opens', ratio: null, verdict: null }, 0));
  expect(screen.getByTestId('answer').textContent).toBe('Nobody has opened this campaign yet, as far as can be known.');
});
