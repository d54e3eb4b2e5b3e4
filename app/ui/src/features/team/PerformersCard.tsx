import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import type { OrganisationStats } from '../../api/types';
import { useI18n } from '../../i18n/I18n';
import { AboutNumber } from '../../ui/AboutNumber';
import { Card } from '../../ui/Card';
import type { Column } from '../../ui/Table';
import { TableGrid } from '../../ui/TableGrid';
import { TableTools } from '../../ui/TableTools';
import { useTable } from '../../ui/useTable';
import styles from './Team.module.css';

type Performer = OrganisationStats['topPerformers'][number];

/** The people whose signatures were opened most; each leads to their own page. */
export function PerformersCard({ stats }: { stats: OrganisationStats | undefined }): ReactNode {
  const { t, format } = useI18n();
  const columns: Column<Performer>[] = [
    {
      key: 'name',
      title: t('account.name'),
      cell: (person) => (
        <Link to="/team/$userId" params={{ userId: person.userId }} search={{ days: 30 }} className={styles.person} dir="auto">
          {person.name}
        </Link>
      ),
      value: (person) => person.name,
    },
    {
      key: 'department',
      title: t('account.department'),
      cell: (person) => <span dir="auto">{person.department ?? '–'}</span>,
      value: (person) => person.department,
    },
    { key: 'opens', title: t('engagement.opens'), isFigure: true, cell: (person) => format.number(person.opens), value: (person) => person.opens },
    {
      key: 'unique',
      title: t('engagement.uniqueColumn'),
      isFigure: true,
      cell: (person) => format.number(person.unique),
      value: (person) => person.unique,
    },
  ];
  const table = useTable({
    name: 'top-performers',
    columns,
    rows: stats?.topPerformers,
    initialSort: { key: 'opens', direction: 'descending' },
    file: { title: 'top-performers', from: stats?.period.from, to: stats?.period.to },
  });
  return (
    <Card
      title={
        <>
          {t('team.top')}
          <AboutNumber name={t('team.top')} counts={t('team.top.counts')} asOf={stats?.asOf} query="organisation_opens_by_user" />
        </>
      }
      action={<TableTools table={table} caption={t('team.top')} />}
    >
      <div className={styles.table}>
        <TableGrid table={table} caption={t('team.top')} rowKey={(person) => person.userId} empty={t('team.top.none')} isRowLink />
      </div>
      {stats !== undefined && stats.topPerformers.length > 0 && <p className={styles.note}>{t('team.top.note')}</p>}
    </Card>
  );
}
