import { useMemo, type ReactNode } from 'react';

import { useI18n } from '../../i18n/I18n';
import { AboutNumber } from '../../ui/AboutNumber';
import { Table, type Column, type Sort } from '../../ui/Table';
import styles from './People.module.css';
import { PeopleFilters } from './PeopleFilters';
import { SORTS, type PeopleSearch, type SearchChange } from './peopleSearch';
import type { Person } from './queries';

interface Props {
  rows: readonly Person[] | undefined;
  /** How far back loads of old signatures are counted. */
  days: number;
  asOf: string | undefined;
  search: PeopleSearch;
  onChange: (search: SearchChange) => void;
  more: { onMore: () => void; isLoading: boolean } | undefined;
}

/** People, in the order the API gives; a row opens the person. */
export function PeopleTable({ rows, days, asOf, search, onChange, more }: Props): ReactNode {
  const { t, format } = useI18n();
  const columns = useMemo<Column<Person>[]>(
    () => [
      {
        key: 'name',
        title: t('people.name'),
        cell: (person) => (
          <span className={styles.who}>
            <span dir="auto">{person.name}</span>
            <span className={styles.address} dir="ltr">
              {brokenAfterAt(person.email)}
            </span>
          </span>
        ),
        value: (person) => person.name,
      },
      { key: 'department', title: t('people.department'), cell: (person) => <span dir="auto">{person.department ?? '–'}</span>, value: (person) => person.department },
      { key: 'role', title: t('people.role'), cell: (person) => t(`people.role.${person.role}`), value: (person) => person.role },
      {
        key: 'state',
        title: t('people.state'),
        cell: (person) => (
          <span className={styles.state} data-state={person.state}>
            {t(`people.state.${person.state}`)}
          </span>
        ),
      },
      {
        key: 'token',
        title: t('people.token'),
        cell: (person) => (
          <span className={styles.state} data-state={person.token.state === 'active' ? 'active' : 'inactive'}>
            {t(`people.token.${person.token.state}`)}
          </span>
        ),
      },
      {
        key: 'old',
        title: t('people.old'),
        about: <AboutNumber name={t('people.old')} counts={t('people.old.counts', { days: format.number(days) })} asOf={asOf} />,
        cell: (person) => <Old person={person} days={days} />,
      },
      {
        key: 'lastSeen',
        title: t('people.lastSeen'),
        cell: (person) => (person.lastSeenAt === null ? t('people.lastSeen.never') : format.moment(person.lastSeenAt)),
        value: (person) => person.lastSeenAt,
      },
      { key: 'joined', title: t('people.joined'), cell: (person) => format.day(person.joinedAt.slice(0, 10), 'short'), value: (person) => person.joinedAt, isHiddenAtFirst: true },
      { key: 'email', title: t('people.email'), cell: (person) => <span dir="ltr">{person.email}</span>, value: (person) => person.email, isHiddenAtFirst: true },
    ],
    [t, format, days, asOf],
  );
  const sort: Sort = { key: search.sort ?? 'name', direction: search.direction ?? 'ascending' };
  const onSort = (next: Sort): void => {
    const key = SORTS.find((known) => known === next.key) ?? 'name';
    onChange({ ...search, sort: key, direction: next.direction === 'descending' ? 'descending' : undefined });
  };
  return (
    <Table
      name="people"
      isOnPage
      tools={<PeopleFilters search={search} onChange={onChange} />}
      caption={t('people.title')}
      columns={columns}
      rows={rows}
      rowKey={(person) => person.id}
      sort={sort}
      onSort={onSort}
      isSortedByServer
      onOpen={(person) => onChange({ ...search, person: person.id })}
      more={more}
    />
  );
}

/** An address that needs two lines is broken where it has its joint. */
function brokenAfterAt(address: string): ReactNode {
  const at = address.lastIndexOf('@') + 1;
  return (
    <>
      {address.slice(0, at)}
      <wbr />
      {address.slice(at)}
    </>
  );
}

function Old({ person, days }: { person: Person; days: number }): ReactNode {
  const { t, format } = useI18n();
  if (person.oldSignatures === null) return <span className={styles.faint}>{t('people.old.unknown')}</span>;
  const count = person.oldSignatures.rotated + person.oldSignatures.deactivated;
  if (count === 0) return <span className={styles.faint}>–</span>;
  return <span className={styles.warn}>{t('people.old.cell', { count, days: format.number(days) })}</span>;
}
