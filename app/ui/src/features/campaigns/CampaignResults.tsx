import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { isProblem } from '../../api/problem';
import { useI18n } from '../../i18n/I18n';
import { classes } from '../../ui/classes';
import { ErrorState } from '../../ui/ErrorState';
import { NoPermission } from '../../ui/NoPermission';
import { Stat } from '../../ui/Stat';
import { CampaignAnswer } from './CampaignAnswer';
import { CampaignDepartments } from './CampaignDepartments';
import { CampaignPeople } from './CampaignPeople';
import styles from './Campaigns.module.css';
import { ComparisonCard } from './ComparisonCard';
import { NotStoredCard } from './NotStoredCard';
import { campaignStatsQuery, type Campaign } from './queries';
import { TimelineCard } from './TimelineCard';

/** What came of a campaign: the answer first, then the figures for those who doubt it. */
export function CampaignResults({ campaign }: { campaign: Campaign }): ReactNode {
  const { t, format } = useI18n();
  const found = useQuery(campaignStatsQuery(campaign.id));
  const stats = found.data;
  if (isProblem(found.error, 403)) return <NoPermission text={t('campaigns.small', { count: Number(found.error.fields.minimum ?? 0) })} />;
  if (found.isError && stats === undefined) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />;
  const facts = { asOf: stats?.asOf, query: 'campaign_opens_by_user' };
  return (
    <>
      <CampaignAnswer stats={stats} />
      <p className={styles.asOf} role="status">
        {stats !== undefined && t(found.isError ? 'team.stale' : 'stat.asOf', { time: format.moment(stats.asOf) })}
      </p>
      <section className={styles.figures} aria-label={t('engagement.opens')}>
        <Stat
          id="campaign-opens"
          name={t('engagement.opens')}
          counts={t('campaigns.opens.counts', { zone: format.zone(stats?.timeZone ?? format.timeZone) })}
          value={stats?.opens}
          note={t('campaigns.opens.note', { days: format.average(stats?.activeDays ?? 0) })}
          {...facts}
        />
        <Stat id="campaign-unique" name={t('team.unique')} counts={t('team.unique.counts')} value={stats?.unique} note={t('team.unique.note')} {...facts} />
        <Stat
          id="campaign-people"
          name={t('team.active')}
          counts={t('campaigns.active.counts')}
          value={stats?.activePeople}
          note={t('team.active.note', { count: stats?.people ?? 0 })}
          {...facts}
        />
        <Stat
          id="campaign-not-counted"
          name={t('campaigns.notCounted')}
          counts={t('campaigns.notCounted.counts')}
          value={stats?.notCounted}
          note={t('campaigns.notCounted.note')}
          {...facts}
        />
      </section>
      <div className={classes(styles.page, styles.results)}>
        <ComparisonCard stats={stats} />
        <TimelineCard campaign={campaign} stats={stats} />
        {stats?.arePeopleShown !== false && <CampaignPeople stats={stats} />}
        <div className={styles.columns}>
          <CampaignDepartments stats={stats} />
          <NotStoredCard stats={stats} />
        </div>
      </div>
    </>
  );
}
