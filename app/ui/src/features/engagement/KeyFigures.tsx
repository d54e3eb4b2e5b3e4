import type { ReactNode } from 'react';

import type { MyStats } from '../../api/types';
import { useI18n } from '../../i18n/I18n';
import { Stat } from '../../ui/Stat';
import styles from './KeyFigures.module.css';

/** Today, this week, this month and last week, side by side. */
export function KeyFigures({ stats }: { stats: MyStats | undefined }): ReactNode {
  const { t, format } = useI18n();
  const zone = format.zone(stats?.timeZone ?? format.timeZone);
  const start = stats === undefined ? '' : format.isoWeekday(stats.weekStartsOn);
  return (
    <section className={styles.figures} aria-label={t('engagement.opens')}>
      {(['today', 'thisWeek', 'thisMonth', 'lastWeek'] as const).map((period) => (
        <Stat
          key={period}
          name={t(`engagement.${period}`)}
          counts={t(`engagement.counts.${period}`, { zone, start })}
          asOf={stats?.asOf}
          query="user_opens_by_period"
          id={period}
          value={stats?.[period].opens}
          note={
            stats !== undefined &&
            (period === 'lastWeek'
              ? t('engagement.lastWeekToDate', { count: stats.lastWeekToDate.opens })
              : t('engagement.unique', { count: stats[period].unique }))
          }
        />
      ))}
    </section>
  );
}
