import { lazy, Suspense, useMemo, useState, type ReactNode } from 'react';

import type { Daily } from '../../api/types';
import { dailyRows } from '../../charts/dailyRows';
import { useI18n } from '../../i18n/I18n';
import { useKeys } from '../../shell/useKeys';
import { AboutNumber } from '../../ui/AboutNumber';
import { Card } from '../../ui/Card';
import { Segmented } from '../../ui/Segmented';
import { ChartSkeleton, Skeleton } from '../../ui/Skeleton';
import styles from './DailyCard.module.css';
import { DailyTable } from './DailyTable';

const DailyBars = lazy(() => import('../../charts/DailyBars'));

interface Props {
  daily: Daily | undefined;
  asOf: string | undefined;
}

/** Opens per day of the chosen period, as bars or as a table of the same figures. */
export function DailyCard({ daily, asOf }: Props): ReactNode {
  const { t, rich, format } = useI18n();
  const [view, setView] = useState<'chart' | 'table'>('chart');
  useKeys({ t: () => setView((before) => (before === 'chart' ? 'table' : 'chart')) });
  const rows = useMemo(() => dailyRows(daily?.data ?? []), [daily]);
  const total = rows.reduce((sum, row) => sum + row.opens, 0);
  const zone = daily?.timeZone ?? format.timeZone;
  return (
    <Card
      className={styles.card}
      title={
        <>
          {t('engagement.daily')}
          <AboutNumber name={t('engagement.daily')} counts={t('engagement.daily.counts', { zone: format.zone(zone) })} asOf={asOf} query="user_opens_daily" />
        </>
      }
      action={
        <Segmented
          label={t('engagement.view')}
          value={view}
          onChange={setView}
          options={[
            { value: 'chart', label: t('engagement.chart') },
            { value: 'table', label: t('engagement.table') },
          ]}
        />
      }
    >
      <div className={styles.legend}>
        <span className="num">
          {daily === undefined ? (
            <Skeleton inlineSize="10em" />
          ) : total === 0 ? (
            t('engagement.daily.none')
          ) : (
            rich('engagement.daily.total', { days: t('engagement.period.days', { count: rows.length }) }, total)
          )}
        </span>
        {view === 'chart' && (
          <ul className={styles.keys} aria-hidden>
            <li data-part="unique">{t('engagement.uniqueColumn')}</li>
            <li data-part="repeats">{t('engagement.repeats')}</li>
            <li data-part="soFar">{t('engagement.daily.soFar')}</li>
          </ul>
        )}
      </div>
      <div className={styles.plot}>
        {daily === undefined ? (
          <ChartSkeleton />
        ) : view === 'table' ? (
          <DailyTable rows={rows} />
        ) : (
          <Suspense fallback={<ChartSkeleton />}>
            <DailyBars rows={rows} />
          </Suspense>
        )}
      </div>
      <p className={styles.axis}>
        {asOf !== undefined && t('engagement.daily.axis', { zone: format.zoneAt(zone, asOf) })}
      </p>
    </Card>
  );
}
