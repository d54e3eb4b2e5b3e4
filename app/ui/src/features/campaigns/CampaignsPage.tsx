import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';

import { isProblem } from '../../api/problem';
import { meQuery } from '../../api/queries';
import { useI18n } from '../../i18n/I18n';
import { ADMINS } from '../../shell/pages';
import { usePageTitle } from '../../shell/usePageTitle';
import { AboutNumber } from '../../ui/AboutNumber';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { NoPermission } from '../../ui/NoPermission';
import { PageHeader } from '../../ui/PageHeader';
import { SearchBox } from '../../ui/SearchBox';
import { Segmented } from '../../ui/Segmented';
import { Table, type Column } from '../../ui/Table';
import { AboutTracking } from '../engagement/AboutTracking';
import { audienceText, whenText } from './campaignTexts';
import styles from './Campaigns.module.css';
import { NewCampaign } from './NewCampaign';
import { campaignsQuery, STATES, type CampaignItem, type State } from './queries';
import { StateChip } from './StateChip';

const route = getRouteApi('/app/campaigns');

/** All campaigns of the organisation, newest first, and the way to a new one. */
export default function CampaignsPage(): ReactNode {
  const i18n = useI18n();
  const { t, format } = i18n;
  const { state, q = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const [typed, setTyped] = useState(q);
  const found = useInfiniteQuery(campaignsQuery(state, q));
  const me = useQuery(meQuery).data;
  const mayChange = me !== undefined && ADMINS.includes(me.user.role);
  const counts = found.data?.pages[0]?.counts;
  const total = counts === undefined ? undefined : STATES.reduce((sum, name) => sum + (counts[name] ?? 0), 0);
  const asOf = found.data === undefined ? undefined : new Date(found.dataUpdatedAt).toISOString();
  usePageTitle(t('campaigns.title'));

  const show = (next: { state?: State | undefined; q?: string }): void => {
    const search = { state: 'state' in next ? next.state : state, q: next.q ?? q };
    void navigate({
      search: { ...(search.state === undefined ? {} : { state: search.state }), ...(search.q === '' ? {} : { q: search.q }) },
      replace: true,
    });
  };

  const columns: Column<CampaignItem>[] = [
    {
      key: 'name',
      title: t('campaigns.name'),
      cell: (item) => (
        <Link to="/campaigns/$campaignId" params={{ campaignId: item.id }} className={styles.link} dir="auto">
          {item.name}
        </Link>
      ),
      value: (item) => item.name,
    },
    { key: 'state', title: t('campaigns.state'), cell: (item) => <StateChip state={item.state} />, value: (item) => t(`campaigns.state.${item.state}`) },
    { key: 'when', title: t('campaigns.when'), cell: (item) => whenText(item, i18n), value: (item) => item.startedAt ?? item.startsAt },
    {
      key: 'audience',
      title: t('campaigns.audience'),
      cell: (item) => audienceText(item.audienceKind, item.departments, i18n),
      value: (item) => audienceText(item.audienceKind, item.departments, i18n),
    },
    {
      key: 'people',
      title: t('campaigns.people'),
      about: <AboutNumber name={t('campaigns.people')} counts={t('campaigns.people.counts')} asOf={asOf} />,
      isFigure: true,
      cell: (item) => format.number(item.people),
      value: (item) => item.people,
    },
    {
      key: 'updated',
      title: t('campaigns.updated'),
      isHiddenAtFirst: true,
      cell: (item) => format.moment(item.updatedAt),
      value: (item) => item.updatedAt,
    },
  ];

  if (isProblem(found.error, 403)) {
    return (
      <>
        <PageHeader title={t('campaigns.title')} />
        <NoPermission text={t('campaigns.forbidden', { organisation: me?.organisation.name ?? '' })} />
      </>
    );
  }
  const isEmpty = total === 0 && q === '';
  return (
    <>
      <PageHeader
        title={t('campaigns.title')}
        state={found.isError && found.data !== undefined && <span className={styles.note} role="status">{t('campaigns.stale')}</span>}
      >
        {mayChange && !isEmpty && <NewCampaign />}
      </PageHeader>
      {found.isError && found.data === undefined ? (
        <ErrorState error={found.error} onRetry={() => void found.refetch()} />
      ) : isEmpty ? (
        <EmptyState title={t('campaigns.empty.title')} action={mayChange ? <NewCampaign /> : null}>
          <p>{t('campaigns.empty.text')}</p>
        </EmptyState>
      ) : (
        <>
          <Table
            tools={
                <div className={styles.filters}>
                  <span className={styles.states}>
                    <Segmented
                      label={t('campaigns.state')}
                      value={state ?? 'all'}
                      onChange={(value) => show({ state: value === 'all' ? undefined : value })}
                      options={[
                        { value: 'all' as const, label: <Counted name={t('campaigns.state.all')} count={total} /> },
                        ...STATES.map((name) => ({ value: name, label: <Counted name={t(`campaigns.state.${name}`)} count={counts?.[name]} /> })),
                      ]}
                    />
                    <AboutNumber name={t('campaigns.states')} counts={t('campaigns.states.counts')} asOf={asOf} />
                  </span>
                  <form
                    role="search"
                    onSubmit={(event) => {
                      event.preventDefault();
                      show({ q: typed.trim() });
                    }}
                  >
                    <SearchBox
                      label={t('campaigns.search')}
                      value={typed}
                      onChange={(text) => {
                        setTyped(text);
                        show({ q: text.trim() });
                      }}
                    />
                  </form>
                </div>
            }
            isOnPage
            name="campaigns"
            caption={t('campaigns.title')}
            columns={columns}
            rows={found.data?.pages.flatMap((page) => page.data)}
            rowKey={(item) => item.id}
            isRowLink
            empty={t('campaigns.none')}
            file={{ title: 'campaigns' }}
            more={found.hasNextPage ? { onMore: () => void found.fetchNextPage(), isLoading: found.isFetchingNextPage } : undefined}
          />
        </>
      )}
      {/* It stands below rows whose number is not known before they come. */}
      {me !== undefined && (found.data !== undefined || found.isError) && <AboutTracking retentionDays={me.settings.retentionDays} />}
    </>
  );
}

function Counted({ name, count }: { name: string; count: number | undefined }): ReactNode {
  const { format } = useI18n();
  return (
    <>
      {name} <span className={styles.count}>{count === undefined ? '\u2007' : format.number(count)}</span>
    </>
  );
}
