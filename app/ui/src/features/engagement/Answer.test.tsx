import { render, screen } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';

import { I18nProvider } from '../../i18n/I18n';
import { setPreferences } from '../../preferences/preferences';
import { someStats } from '../../testing/samples';
import { Answer } from './Answer';

const show = (stats: Parameters<typeof Answer>[0]['stats']): string => {
  const { container } = render(
    <I18nProvider timeZone="Asia/Riyadh">
      <Answer stats={stats} />
    </I18nProvider>,
  );
  return container.textContent;
};

beforeEach(() => setPreferences({ language: 'en', digits: 'latn' }));

test('the sentence says how often, and how that compares', () => {
  expect(show(someStats())).toBe(
    'Opened 142 times this week, 42% more than by this time last week.' +
      'That is more than chance: the true change is likely between +10% and +83%.' +
      'Opened by people, as far as can be known.',
  );
});

test('few opens last week get no percentage', () => {
  const text = show(someStats({ lastWeekToDate: { opens: 3, unique: 3 } }));
  expect(text).toContain('Opened 142 times this week.By this time last week it was 3: too few to say more.');
  expect(text).not.toContain('%');
});

test('a week without opens says so', () => {
  show(someStats({ thisWeek: { opens: 0, unique: 0 }, lastWeekToDate: { opens: 0, unique: 0 } }));
  screen.getByText('No opens yet this week.');
});

test('Arabic counts in its own forms', () => {
  setPreferences({ language: 'ar' });
  expect(show(someStats({ thisWeek: { opens: 2, unique: 2 } }))).toContain('فُتح توقيعك مرتين هذا الأسبوع');
});

test('before the data there is only their room', () => {
  expect(show(undefined)).toBe('');
});
