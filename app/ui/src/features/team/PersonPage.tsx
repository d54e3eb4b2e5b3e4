import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { useMemo, type ReactNode } from 'react';

import { isProblem } from '../../api/problem';
import { meQuery, personDailyQuery, personExplainQuery, personQuery } from '../../api/queries';
import { useI18n } from '../../i18n/I18n';
import { useKeys } from '../../shell/useKeys';
import { usePageTitle } from '../../shell/usePageTitle';
import { ErrorState } from '../../ui/ErrorState';
import { ExplanationContext } from '../../ui/explanation';
import { NoPermission } from '../../ui/NoPermission';
import { Notice } from '../../ui/Notice';
import { PageHeader } from '../../ui/PageHeader';
import { Segmented } from '../../ui/Segmented';
import { Stat } from '../../ui/Stat';
import { AboutTracking } from '../engagement/AboutTracking';
import cards from '../engagement/Cards.module.css';
import { DailyCard } from '../engagement/DailyCard';
import { DevicesCard } from '../engagement/DevicesCard';
import figures from '../engagement/KeyFigures.module.css';
import { PeakCard } from '../engagement/PeakCard';
import { PERIODS, type PeriodDays } from '../engagement/periods';
import styles from './Team.module.css';
import { AsOf } from './TeamPage';

const route = getRouteApi('/app/team/$userId');
const WEEKS = ['today', 'thisWeek', 'thisMonth', 'lastWeek'] as const;

/** One person's engagement, as they see it themselves, for those who may see people. */
export default function PersonPage(): ReactNode {
  const { t, format } = useI18n();
  const { userId } = route.useParams();
  const { days } = route.useSearch();
  const navigate = route.useNavigate();
  const person = useQuery(personQuery(userId));
  const daily = useQuery(personDailyQuery(userId, days));
  const me = useQuery(meQuery).data;
  const explanation = useMemo(() => personExplainQuery(userId), [userId]);
  const stats = person.data;
  const title = stats?.person.name ?? t('team.person');
  usePageTitle(title);
  const choose = (next: PeriodDays): void => void navigate({ search: { days: next }, replace: true });
  useKeys({ '1': () => choose(7), '2': () => choose(30), '3': () => choose(90) });

  return (
    <ExplanationContext value={explanation}>
      <Link to="/team" search={{ days: 30 }} className={styles.back}>
        <ArrowLeft size={14} aria-hidden />
        {t('team.title')}
      </Link>
      <PageHeader title={title} state={stats !== undefined && <AsOf at={stats.asOf} isStale={person.isError} />}>
        {stats !== undefined && (
          <Segmented
            label={t('engagement.period')}
            value={String(days)}
            onChange={(value) => choose(Number(value) as PeriodDays)}
            options={PERIODS.map((count) => ({ value: String(count), label: t('engagement.period.days', { count }) }))}
          />
        )}
      </PageHeader>
      {isProblem(person.error, 403) ? (
        <NoPermission text={t('error.forbidden', { organisation: me?.organisation.name ?? '' })} />
      ) : isProblem(person.error, 404) || isProblem(person.error, 422) ? (
        <Notice title={t('team.person.none')}>
          <p>{t('team.person.none.text', { organisation: me?.organisation.name ?? '' })}</p>
        </Notice>
      ) : person.isError && stats === undefined ? (
        <ErrorState error={person.error} onRetry={() => void person.refetch()} />
      ) : (
        <>
          {stats !== undefined && (
            <p className={styles.note} dir="auto">
              {[stats.person.department ?? t('team.department.none'), !stats.person.isActive && t('team.person.left')].filter(Boolean).join(' · ')}
            </p>
          )}
          <section className={`${figures.figures ?? ''} ${styles.daily ?? ''}`} aria-label={t('engagement.opens')}>
            {WEEKS.map((period) => (
              <Stat
                key={period}
                id={period}
                name={t(`engagement.${period}`)}
                counts={t('team.person.counts', { zone: format.zone(stats?.timeZone ?? format.timeZone) })}
                asOf={stats?.asOf}
                query="user_opens_by_period"
                value={stats?.[period].opens}
                note={t('engagement.unique', { count: stats?.[period].unique ?? 0 })}
              />
            ))}
          </section>
          {daily.isError && daily.data === undefined ? (
            <ErrorState error={daily.error} onRetry={() => void daily.refetch()} />
          ) : (
            <DailyCard daily={daily.data} asOf={stats?.asOf} />
          )}
          <div className={cards.row}>
            <PeakCard stats={stats} />
            <DevicesCard stats={stats} />
          </div>
        </>
      )}
      {me !== undefined && <AboutTracking retentionDays={me.settings.retentionDays} />}
    </ExplanationContext>
  );
}
