import type { ReactNode } from 'react';

import type { MyStats } from '../../api/types';
import { useI18n } from '../../i18n/I18n';
import { AboutNumber } from '../../ui/AboutNumber';
import { Card } from '../../ui/Card';
import { Skeleton } from '../../ui/Skeleton';
import styles from './Cards.module.css';

/** The busiest hours of the week, in words. */
export function PeakCard({ stats }: { stats: MyStats | undefined }): ReactNode {
  const { t, format } = useI18n();
  return (
    <Card
      title={
        <>
          {t('engagement.peak')}
          <AboutNumber
            name={t('engagement.peak')}
            counts={t('engagement.peak.counts', { zone: format.zone(stats?.timeZone ?? format.timeZone) })}
            asOf={stats?.asOf}
            query="user_opens_by_hour"
          />
        </>
      }
    >
      {stats === undefined ? <Skeleton blockSize="3em" /> : <Hours stats={stats} />}
    </Card>
  );
}

function Hours({ stats }: { stats: MyStats }): ReactNode {
  const { t, rich, format } = useI18n();
  const [best, ...others] = stats.peakHours;
  if (best === undefined) return <p className={styles.muted}>{t('engagement.peak.few')}</p>;
  const alsoAt = others.slice(0, 2).map((other) =>
    t('engagement.peak.item', { day: format.weekday(other.day), from: format.hour(other.hour) }),
  );
  const average = t('engagement.peak.average', { count: best.avgOpens });
  return (
    <>
      <p className={styles.sentence}>
        {rich('engagement.peak.sentence', {
          day: <strong>{format.weekday(best.day)}</strong>,
          from: <strong className="num">{format.hour(best.hour)}</strong>,
          to: <strong className="num">{format.hour(best.hour + 1)}</strong>,
          average,
        })}
      </p>
      {alsoAt.length > 0 && <p className={styles.muted}>{t('engagement.peak.also', { list: format.list(alsoAt) })}</p>}
    </>
  );
}
