import { lazy, Suspense, useState, type ReactNode } from 'react';

import { useI18n } from '../../i18n/I18n';
import { AboutNumber } from '../../ui/AboutNumber';
import { Card } from '../../ui/Card';
import { Segmented } from '../../ui/Segmented';
import { ChartSkeleton } from '../../ui/Skeleton';
import type { Column } from '../../ui/Table';
import { TableGrid } from '../../ui/TableGrid';
import { TableTools } from '../../ui/TableTools';
import { useTable } from '../../ui/useTable';
import styles from './Campaigns.module.css';
import type { Campaign, CampaignStats } from './queries';

const CampaignChart = lazy(() => import('./CampaignChart'));
export type CampaignDay = CampaignStats['daily'][number];

/** Opens of the campaign by day over the same people's baseline, as a chart or as a table of the same figures. */
export function TimelineCard({ campaign, stats }: { campaign: Campaign; stats: CampaignStats | undefined }): ReactNode {
  const { t, format } = useI18n();
  const [view, setView] = useState<'chart' | 'table'>('chart');
  const figure = (key: 'opens' | 'unique' | 'everyday' | 'before', title: string): Column<CampaignDay> => ({
    key,
    title,
    isFigure: true,
    cell: (day) => format.number(day[key]),
    value: (day) => day[key],
  });
  const columns: Column<CampaignDay>[] = [
    { key: 'date', title: t('campaigns.day'), cell: (day) => format.day(day.date, 'long'), value: (day) => day.date },
    figure('opens', t('campaigns.series.opens')),
    figure('unique', t('engagement.uniqueColumn')),
    figure('everyday', t('campaigns.series.everyday')),
    figure('before', t('campaigns.series.before')),
    {
      key: 'active',
      title: t('campaigns.series.active'),
      isFigure: true,
      cell: (day) => format.percent(Math.round(day.active * 100)),
      value: (day) => day.active,
    },
  ];
  const days = stats?.daily;
  const caption = t('campaigns.timeline');
  const table = useTable({
    name: 'campaign-days',
    columns,
    rows: days,
    initialSort: { key: 'date', direction: 'ascending' },
    file: { title: 'campaign-days', from: days?.[0]?.date, to: days?.at(-1)?.date },
  });
  const zone = stats?.timeZone ?? format.timeZone;
  return (
    <Card
      title={
        <>
          {caption}
          <AboutNumber name={caption} counts={t('campaigns.timeline.counts', { zone: format.zone(zone) })} asOf={stats?.asOf} query="campaign_opens_daily" />
        </>
      }
      action={
        <span className={styles.buttons}>
          <Segmented
            label={t('engagement.view')}
            value={view}
            onChange={setView}
            options={[
              { value: 'chart', label: t('engagement.chart') },
              { value: 'table', label: t('engagement.table') },
            ]}
          />
          <TableTools table={table} caption={caption} hasColumns={view === 'table'} />
        </span>
      }
    >
      {view === 'table' ? (
        <TableGrid table={table} caption={caption} rowKey={(day) => day.date} />
      ) : (
        <>
          <ul className={styles.legend} aria-hidden>
            <li data-part="opens">{t('campaigns.series.opens')}</li>
            <li data-part="before">{t('campaigns.series.before')}</li>
            <li data-part="everyday">{t('campaigns.series.everyday')}</li>
            {days?.some((day) => day.active === 0) === true && <li data-part="paused">{t('campaigns.state.paused')}</li>}
          </ul>
          <div className={styles.plot}>
            {days === undefined ? (
              <ChartSkeleton />
            ) : (
              <Suspense fallback={<ChartSkeleton />}>
                <CampaignChart days={days} isRunning={campaign.state === 'active'} isEnded={campaign.state === 'ended'} />
              </Suspense>
            )}
          </div>
        </>
      )}
      <p className={styles.note}>
        {stats !== undefined && t('engagement.daily.axis', { zone: format.zoneAt(zone, stats.asOf) })}
      </p>
    </Card>
  );
}
