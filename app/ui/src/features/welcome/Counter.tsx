import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import type { MyStats } from '../../api/types';
import { useI18n } from '../../i18n/I18n';
import { AboutNumber } from '../../ui/AboutNumber';
import { Card } from '../../ui/Card';
import { LiveNumber } from '../../ui/LiveNumber';
import { Skeleton } from '../../ui/Skeleton';
import styles from './WelcomePage.module.css';

/** Today's opens, large: the number that moves while one looks. */
export function Counter({ stats }: { stats: MyStats | undefined }): ReactNode {
  const { t, format } = useI18n();
  return (
    <Card
      title={
        <>
          {t('welcome.watch')}
          <AboutNumber
            name={t('welcome.watch')}
            counts={t('welcome.watch.counts', { zone: format.zone(stats?.timeZone ?? format.timeZone) })}
            asOf={stats?.asOf}
            query="user_opens_by_period"
          />
        </>
      }
    >
      <p className={styles.number} data-testid="counter" aria-live="polite">
        {stats === undefined ? <Skeleton inlineSize="1.6em" blockSize="0.8em" /> : <LiveNumber value={stats.today.opens} />}
      </p>
      <p className={styles.small} style={{ minBlockSize: '1.5em' }}>
        {stats !== undefined &&
          (stats.lastOpenAt === null
            ? t('welcome.answer.none')
            : t('engagement.unique', { count: stats.today.unique }))}
        {typeof stats?.lastOpenAt === 'string' && (
          <>
            {' · '}
            <Link to="/engagement" search={{ days: 30 }}>
              {t('welcome.next')}
            </Link>
          </>
        )}
      </p>
    </Card>
  );
}
