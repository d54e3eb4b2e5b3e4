/** Why a comparison says nothing, with the minimum and what is there. */
import type { I18n } from '../../i18n/I18n';
import type { Comparison } from './queries';

export function tooFewText(comparison: Comparison, { t, format }: I18n): string {
  const { minimum, found, reason } = comparison;
  switch (reason) {
    case 'few_people':
      return t('campaigns.few.people', { minimum: minimum.people, count: found.people });
    case 'few_opens':
      return t('campaigns.few.opens', { minimum: minimum.opens, count: found.opens });
    case 'short':
      return t('campaigns.few.short', { minimum: format.average(minimum.days), found: format.average(found.days) });
    case 'one_person':
      return t('campaigns.few.one');
    case 'deleted':
      return t('campaigns.few.deleted');
    case null:
      return '';
  }
}
