import type { ReactNode } from 'react';

import { useI18n } from '../../i18n/I18n';
import type { MessageKey } from '../../i18n/en';
import { AboutNumber } from '../../ui/AboutNumber';
import { Card } from '../../ui/Card';
import { Skeleton } from '../../ui/Skeleton';
import styles from './Campaigns.module.css';
import type { CampaignStats } from './queries';

const REASONS: Partial<Record<string, MessageKey>> = {
  campaign_not_active: 'campaigns.dropped.campaign_not_active',
  tracking_off: 'campaigns.dropped.tracking_off',
  token_deactivated: 'campaigns.dropped.token_deactivated',
};

/** Hits of the campaign's pixels that were not kept, and why: nothing is left out unsaid. */
export function NotStoredCard({ stats }: { stats: CampaignStats | undefined }): ReactNode {
  const { t, format } = useI18n();
  const title = t('campaigns.dropped');
  return (
    <Card
      title={
        <>
          {title}
          <AboutNumber name={title} counts={t('campaigns.dropped.counts')} asOf={stats?.asOf} query="campaign_drops" />
        </>
      }
    >
      {stats === undefined ? (
        <Skeleton blockSize="48px" />
      ) : stats.dropped.length === 0 ? (
        <p className={styles.note}>{t('campaigns.dropped.none')}</p>
      ) : (
        <ul className={styles.list}>
          {stats.dropped.map(({ reason, hits }) => {
            const key = REASONS[reason];
            return (
              <li key={reason}>
                <span>{key === undefined ? reason : t(key)}</span>
                <strong>{format.number(hits)}</strong>
              </li>
            );
          })}
        </ul>
      )}
    </Card>
  );
}
