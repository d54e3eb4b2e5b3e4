import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Download, FileUp, UserPlus } from 'lucide-react';
import { useState, type ReactNode } from 'react';

import { isProblem } from '../../api/problem';
import { meQuery } from '../../api/queries';
import { useI18n } from '../../i18n/I18n';
import { usePageTitle } from '../../shell/usePageTitle';
import { AboutNumber } from '../../ui/AboutNumber';
import { Button, ButtonLink } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { NoPermission } from '../../ui/NoPermission';
import { Notice } from '../../ui/Notice';
import { PageHeader } from '../../ui/PageHeader';
import { AddPersonDialog } from './AddPersonDialog';
import { ImportDialog } from './ImportDialog';
import styles from './People.module.css';
import { PeopleFilters } from './PeopleFilters';
import { checkedSearch, isFiltered, type SearchChange } from './peopleSearch';
import { PeopleTable } from './PeopleTable';
import { PersonDrawer } from './PersonDrawer';
import { exportPath, peopleQuery } from './queries';

const route = getRouteApi('/app/people');

/** The people of the organisation: find one, change them, add one or many. */
export default function PeoplePage(): ReactNode {
  const { t } = useI18n();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const people = useInfiniteQuery(peopleQuery(search));
  const me = useQuery(meQuery).data;
  const [isAdding, setAdding] = useState(false);
  const asOf = people.data === undefined ? undefined : new Date(people.dataUpdatedAt).toISOString();
  usePageTitle(t('people.title'));

  const go = (next: SearchChange): void => void navigate({ search: checkedSearch(next), replace: true });
  const rows = people.data?.pages.flatMap((page) => page.data);
  const first = people.data?.pages[0];
  const organisation = me?.organisation.name ?? '';

  if (isProblem(people.error, 403)) {
    return (
      <>
        <PageHeader title={t('people.title')} />
        <NoPermission text={t('people.forbidden', { organisation })} />
      </>
    );
  }
  const isAlone = first !== undefined && !isFiltered(search) && first.total <= 1;
  const openImport = (): void => go({ ...search, import: true });
  return (
    <>
      <PageHeader
        title={t('people.title')}
        state={
          first !== undefined && (
            <span className={styles.note}>
              <span role="status">{people.isError ? t('people.stale') : t('people.count', { count: first.total })}</span>{' '}
              <AboutNumber name={t('people.title')} counts={t('people.count.counts')} asOf={asOf} />
            </span>
          )
        }
      >
        <ButtonLink look="quiet" href={exportPath(search)} download icon={<Download size={16} aria-hidden />} aria-label={t('people.export')} title={t('people.export')}>
          <span className={styles.wide}>CSV</span>
        </ButtonLink>
        <Button icon={<FileUp size={16} aria-hidden />} onClick={openImport}>
          {t('people.import')}
        </Button>
        <Button look="primary" icon={<UserPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
          {t('people.add')}
        </Button>
      </PageHeader>
      {people.isError && first === undefined ? (
        <ErrorState error={people.error} onRetry={() => void people.refetch()} />
      ) : (
        <>
          {first?.total === 0 ? (
            <>
              <PeopleFilters search={search} onChange={go} />
              <Notice title={t('people.none.title')} action={<Button onClick={() => go({})}>{t('people.filter.clear')}</Button>}>
                <p>{t('people.none.text', { organisation })}</p>
              </Notice>
            </>
          ) : (
            <PeopleTable
              rows={rows}
              days={first?.oldSignatureDays ?? 30}
              asOf={asOf}
              search={search}
              onChange={go}
              more={people.hasNextPage ? { onMore: () => void people.fetchNextPage(), isLoading: people.isFetchingNextPage } : undefined}
            />
          )}
          {isAlone && (
            <EmptyState
              title={t('people.empty.title')}
              action={
                <Button look="primary" icon={<FileUp size={16} aria-hidden />} onClick={openImport}>
                  {t('people.import.choose')}
                </Button>
              }
            >
              <p>{t('people.empty.text')}</p>
            </EmptyState>
          )}
        </>
      )}
      {isAdding && <AddPersonDialog onClose={() => setAdding(false)} />}
      {search.import === true && <ImportDialog onClose={() => go({ ...search, import: undefined })} />}
      {search.person !== undefined && (
        <PersonDrawer key={search.person} userId={search.person} days={first?.oldSignatureDays ?? 30} onClose={() => go({ ...search, person: undefined })} />
      )}
    </>
  );
}
