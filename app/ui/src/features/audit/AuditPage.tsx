import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Download } from 'lucide-react';
import type { ReactNode } from 'react';

import { isProblem } from '../../api/problem';
import { meQuery } from '../../api/queries';
import { useI18n } from '../../i18n/I18n';
import { usePageTitle } from '../../shell/usePageTitle';
import { Button, ButtonLink } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { NoPermission } from '../../ui/NoPermission';
import { Notice } from '../../ui/Notice';
import { PageHeader } from '../../ui/PageHeader';
import { Skeleton } from '../../ui/Skeleton';
import styles from './Audit.module.css';
import { AuditFilters } from './AuditFilters';
import { isFiltered, type AuditSearch } from './auditSearch';
import { ChangeEntry } from './ChangeEntry';
import { auditExportPath, auditQuery, type Change } from './queries';

const route = getRouteApi('/app/settings/audit');

/** Who changed what, newest first, day by day. */
export default function AuditPage(): ReactNode {
  const { t, format } = useI18n();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const changes = useInfiniteQuery(auditQuery(search));
  const me = useQuery(meQuery).data;
  usePageTitle(t('audit.title'));
  const go = (next: AuditSearch): void => void navigate({ search: next, replace: true });
  const all = changes.data?.pages.flatMap((page) => page.data);

  if (isProblem(changes.error, 403)) {
    return (
      <>
        <PageHeader title={t('audit.title')} />
        <NoPermission text={t('audit.forbidden', { organisation: me?.organisation.name ?? '' })} />
      </>
    );
  }
  return (
    <>
      <PageHeader
        title={t('audit.title')}
        state={
          changes.isError && all !== undefined ? (
            <span className={styles.note} role="status">
              {t('audit.stale')}
            </span>
          ) : undefined
        }
      >
        <ButtonLink href={auditExportPath(search)} download icon={<Download size={16} aria-hidden />}>
          {t('audit.export')}
        </ButtonLink>
      </PageHeader>
      <p className={styles.note}>{t('audit.intro')}</p>
      {changes.isError && all === undefined ? (
        <ErrorState error={changes.error} onRetry={() => void changes.refetch()} />
      ) : (
        <>
          <AuditFilters search={search} onChange={go} />
          {all === undefined ? (
            <Card>
              <Skeleton blockSize="420px" />
            </Card>
          ) : all.length === 0 ? (
            isFiltered(search) ? (
              <Notice title={t('audit.none.title')} action={<Button onClick={() => go({})}>{t('audit.filter.clear')}</Button>}>
                <p>{t('audit.none.text')}</p>
              </Notice>
            ) : (
              <EmptyState title={t('audit.empty.title')} action={null}>
                <p>{t('audit.empty.text')}</p>
              </EmptyState>
            )
          ) : (
            <>
              {byDay(all, format.timeZone).map(([day, ofDay]) => (
                <section key={day} className={styles.day} aria-label={format.day(day, 'long')}>
                  <h2>{format.day(day, 'long')}</h2>
                  <ol>
                    {ofDay.map((change) => (
                      <ChangeEntry key={change.id} change={change} />
                    ))}
                  </ol>
                </section>
              ))}
              {changes.hasNextPage && (
                <div className={styles.more}>
                  <Button size="small" disabled={changes.isFetchingNextPage} onClick={() => void changes.fetchNextPage()}>
                    {t('audit.more')}
                  </Button>
                </div>
              )}
            </>
          )}
        </>
      )}
    </>
  );
}

/** Changes under the viewer's own days, in the order they came. */
function byDay(changes: readonly Change[], timeZone: string): [string, Change[]][] {
  const calendar = new Intl.DateTimeFormat('en-CA', { timeZone });
  const days = new Map<string, Change[]>();
  for (const change of changes) {
    const day = calendar.format(new Date(change.at));
    days.set(day, [...(days.get(day) ?? []), change]);
  }
  return [...days];
}
