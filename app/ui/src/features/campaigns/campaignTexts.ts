/** Short texts about a campaign, the same in the list and on its page. */
import type { I18n } from '../../i18n/I18n';
import type { Audience, CampaignItem } from './queries';

/** Whose signatures carry it. */
export function audienceText(kind: Audience['kind'], departments: readonly string[], { t, format }: I18n): string {
  if (kind === 'everybody') return t('campaigns.audience.everybody');
  if (kind === 'people') return t('campaigns.audience.people');
  return departments.length === 0 ? t('campaigns.audience.nobody') : format.list(departments);
}

/** When it runs, ran or will run; a plan is told as a plan. */
export function whenText(item: CampaignItem, { t, format }: I18n): string {
  const until = item.endedAt ?? item.endsAt;
  if (item.startedAt !== null) {
    return until === null
      ? t('campaigns.when.since', { from: format.moment(item.startedAt) })
      : t('campaigns.when.range', { from: format.moment(item.startedAt), to: format.moment(until) });
  }
  if (item.startsAt === null) return t('campaigns.when.byHand');
  if (Date.parse(item.startsAt) <= Date.now()) return t('campaigns.when.missed', { from: format.moment(item.startsAt) });
  return t('campaigns.when.planned', { from: format.moment(item.startsAt) });
}
