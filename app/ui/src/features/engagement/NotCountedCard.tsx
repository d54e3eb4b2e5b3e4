import type { ReactNode } from 'react';

import type { MyStats } from '../../api/types';
import { useI18n } from '../../i18n/I18n';
import { AboutNumber } from '../../ui/AboutNumber';
import { Card } from '../../ui/Card';
import { LiveNumber } from '../../ui/LiveNumber';
import { Skeleton } from '../../ui/Skeleton';
import { useOpenClass } from '../opens/openClass';
import styles from './Cards.module.css';

/** What was left out of this week's number, and why. */
export function NotCountedCard({ stats, excludesBots }: { stats: MyStats | undefined; excludesBots: boolean }): ReactNode {
  const { t } = useI18n();
  const { nameOf, whyOf } = useOpenClass();
  const reasons = Object.entries(stats?.notCounted.byReason ?? {})
    .filter(([, opens]) => opens > 0)
    .sort(([, one], [, other]) => other - one);
  return (
    <Card
      title={
        <>
          {t('engagement.notCounted')}
          <AboutNumber
            name={t('engagement.notCounted')}
            counts={t('engagement.notCounted.counts')}
            asOf={stats?.asOf}
            query="user_opens_not_counted"
          />
        </>
      }
    >
      {stats === undefined && <Skeleton blockSize="96px" />}
      {stats !== undefined && reasons.length === 0 && (
        <p className={styles.muted}>{t(excludesBots ? 'engagement.notCounted.none' : 'engagement.notCounted.off')}</p>
      )}
      {stats !== undefined && reasons.length > 0 && (
        <p className={styles.sum}>
          {t('engagement.notCounted.sum', { count: stats.notCounted.opens, total: stats.notCounted.opens + stats.thisWeek.opens })}
        </p>
      )}
      {reasons.length > 0 && (
        <ul className={styles.reasons}>
          {reasons.map(([reason, opens]) => (
            <li key={reason}>
              <div>
                <p>{nameOf(reason)}</p>
                <p className={styles.why}>{whyOf(reason)}</p>
              </div>
              <LiveNumber value={opens} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
