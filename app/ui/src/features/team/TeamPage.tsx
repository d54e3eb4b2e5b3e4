import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo, useState, type ReactNode } from 'react';

import { isProblem } from '../../api/problem';
import { meQuery, teamExplainQuery, teamQuery } from '../../api/queries';
import { useI18n } from '../../i18n/I18n';
import { useKeys } from '../../shell/useKeys';
import { usePageTitle } from '../../shell/usePageTitle';
import { classes } from '../../ui/classes';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { ExplanationContext } from '../../ui/explanation';
import { NoPermission } from '../../ui/NoPermission';
import { PageHeader } from '../../ui/PageHeader';
import { Stat } from '../../ui/Stat';
import { AboutTracking } from '../engagement/AboutTracking';
import { DepartmentsCard } from './DepartmentsCard';
import { PerformersCard } from './PerformersCard';
import { PeriodPicker, RangeForm } from './PeriodPicker';
import styles from './Team.module.css';
import { TeamAnswer } from './TeamAnswer';
import { periodOf, type TeamPeriod } from './teamPeriod';

const route = getRouteApi('/app/team');

/** Team engagement: everybody's opens, against the days before, by person and department. */
export default function TeamPage(): ReactNode {
  const { t, format } = useI18n();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [isAsking, setAsking] = useState(false);
  const period = useMemo(() => periodOf(search), [search]);
  const explanation = useMemo(() => teamExplainQuery(period), [period]);
  const team = useQuery(teamQuery(period));
  const me = useQuery(meQuery).data;
  const stats = team.data;
  usePageTitle(t('team.title'));

  const choose = (next: TeamPeriod): void => {
    setAsking(false);
    void navigate({ search: next, replace: true });
  };
  useKeys({ '1': () => choose({ days: 7 }), '2': () => choose({ days: 30 }), '3': () => choose({ days: 90 }) });

  const isCustom = isAsking || search.from !== undefined;
  if (isProblem(team.error, 403)) {
    return (
      <>
        <PageHeader title={t('team.title')} />
        <NoPermission text={t('team.forbidden', { organisation: me?.organisation.name ?? '' })} />
      </>
    );
  }
  const hasFailed = team.isError && stats === undefined;
  const isEmpty = stats?.totalOpens === 0 && stats.previous.totalOpens === 0;
  return (
    <ExplanationContext value={explanation}>
      <PageHeader title={t('team.title')} state={stats !== undefined && <AsOf at={stats.asOf} isStale={team.isError} />}>
        <PeriodPicker period={search} isCustom={isCustom} onCustom={() => setAsking(true)} onChange={choose} />
      </PageHeader>
      {isCustom && <RangeForm from={search.from ?? stats?.period.from ?? ''} to={search.to ?? stats?.period.to ?? ''} onChange={choose} />}
      {hasFailed ? (
        <ErrorState error={team.error} onRetry={() => void team.refetch()} />
      ) : isEmpty ? (
        <EmptyState title={t('team.empty.title')} action={null}>
          <p>{t('team.empty.text', { from: format.day(stats.period.from, 'short'), to: format.day(stats.period.to, 'short') })}</p>
        </EmptyState>
      ) : (
        <>
          <TeamAnswer stats={stats} />
          <section className={styles.figures} aria-label={t('engagement.opens')}>
            <Stat
              id="total"
              name={t('team.total')}
              counts={t('team.total.counts', { zone: format.zone(stats?.timeZone ?? format.timeZone) })}
              asOf={stats?.asOf}
              query="organisation_opens_by_user"
              value={stats?.totalOpens}
              note={t('team.before', { count: stats?.previous.totalOpens ?? 0 })}
            />
            <Stat
              id="unique"
              name={t('team.unique')}
              counts={t('team.unique.counts')}
              asOf={stats?.asOf}
              query="organisation_opens_by_user"
              value={stats?.uniqueOpens}
              note={t('team.unique.note')}
            />
            <Stat
              id="active"
              name={t('team.active')}
              counts={t('team.active.counts')}
              asOf={stats?.asOf}
              query="organisation_opens_by_user"
              value={stats?.activeUsers}
              note={t('team.active.note', { count: stats?.users ?? 0 })}
            />
          </section>
          <div className={classes(styles.row, stats?.arePeopleShown === false && styles.wide)}>
            {stats?.arePeopleShown !== false && <PerformersCard stats={stats} />}
            <DepartmentsCard stats={stats} />
          </div>
        </>
      )}
      {me !== undefined && <AboutTracking retentionDays={me.settings.retentionDays} />}
    </ExplanationContext>
  );
}

/** How fresh the page is; it looks again every half minute. */
export function AsOf({ at, isStale }: { at: string; isStale: boolean }): ReactNode {
  const { t, format } = useI18n();
  return (
    <span className={styles.note} role="status">
      {t(isStale ? 'team.stale' : 'stat.asOf', { time: format.moment(at) })}
    </span>
  );
}
