import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { CodeXml } from 'lucide-react';
import { lazy, Suspense, useState, type ReactNode } from 'react';

import { isProblem } from '../../api/problem';
import { dailyQuery, meQuery, myStatsQuery } from '../../api/queries';
import { useI18n } from '../../i18n/I18n';
import { useKeys } from '../../shell/useKeys';
import { usePageTitle } from '../../shell/usePageTitle';
import { Button } from '../../ui/Button';
import { ErrorState } from '../../ui/ErrorState';
import { LiveIndicator } from '../../ui/LiveIndicator';
import { NoPermission } from '../../ui/NoPermission';
import { PageHeader } from '../../ui/PageHeader';
import { Segmented } from '../../ui/Segmented';
import { AboutTracking } from './AboutTracking';
import { Answer } from './Answer';
import styles from './Cards.module.css';
import { DailyCard } from './DailyCard';
import { DevicesCard } from './DevicesCard';
import { EngagementEmpty } from './EngagementEmpty';
import { KeyFigures } from './KeyFigures';
import { NotCountedCard } from './NotCountedCard';
import { PeakCard } from './PeakCard';
import { PERIODS, type PeriodDays } from './periods';

const EmbedDialog = lazy(() => import('./EmbedDialog'));
const route = getRouteApi('/app/engagement');

/** My engagement: how often my signature was opened, against last week, by day, hour and device. */
export default function EngagementPage(): ReactNode {
  const { t } = useI18n();
  const { days } = route.useSearch();
  const navigate = route.useNavigate();
  const stats = useQuery(myStatsQuery);
  const daily = useQuery(dailyQuery(days));
  const me = useQuery(meQuery).data;
  const [isEmbedding, setEmbedding] = useState(false);
  usePageTitle(t('engagement.title'));

  const choose = (next: PeriodDays): void => void navigate({ search: { days: next }, replace: true });
  useKeys({ '1': () => choose(7), '2': () => choose(30), '3': () => choose(90) });

  const error = stats.data === undefined ? stats.error : null;
  const isHidden = isProblem(stats.error, 403);
  const isEmpty = stats.data?.lastOpenAt === null;
  return (
    <>
      <PageHeader title={t('engagement.title')} state={!isHidden && <LiveIndicator asOf={stats.data?.asOf} />}>
        {!isHidden && !isEmpty && (
          <>
            <Segmented
              label={t('engagement.period')}
              value={String(days)}
              onChange={(value) => choose(Number(value) as PeriodDays)}
              options={PERIODS.map((count) => ({ value: String(count), label: t('engagement.period.days', { count }) }))}
            />
            <Button icon={<CodeXml aria-hidden />} onClick={() => setEmbedding(true)}>
              {t('embed.open')}
            </Button>
          </>
        )}
      </PageHeader>
      {isEmbedding && (
        <Suspense fallback={null}>
          <EmbedDialog onClose={() => setEmbedding(false)} />
        </Suspense>
      )}
      {isHidden ? (
        <NoPermission text={t('error.forbidden.hidden', { organisation: me?.organisation.name ?? '' })} />
      ) : error !== null ? (
        <ErrorState error={error} onRetry={() => void stats.refetch()} />
      ) : isEmpty ? (
        <EngagementEmpty isTrackingOn={me?.settings.userTrackingEnabled ?? true} organisation={me?.organisation.name ?? ''} />
      ) : (
        <>
          <Answer stats={stats.data} />
          <KeyFigures stats={stats.data} />
          {daily.isError && daily.data === undefined ? (
            <ErrorState error={daily.error} onRetry={() => void daily.refetch()} />
          ) : (
            <DailyCard daily={daily.data} asOf={stats.data?.asOf} />
          )}
          <div className={styles.row}>
            <div className={styles.stack}>
              <PeakCard stats={stats.data} />
              <DevicesCard stats={stats.data} />
            </div>
            <NotCountedCard stats={stats.data} excludesBots={me?.settings.excludeBots ?? true} />
          </div>
        </>
      )}
      {me !== undefined && !isHidden && <AboutTracking retentionDays={me.settings.retentionDays} />}
    </>
  );
}
