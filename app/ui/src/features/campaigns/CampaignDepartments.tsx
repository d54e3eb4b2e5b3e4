import type { ReactNode } from 'react';

import { useI18n } from '../../i18n/I18n';
import { AboutNumber } from '../../ui/AboutNumber';
import { Card } from '../../ui/Card';
import type { Column } from '../../ui/Table';
import { TableGrid } from '../../ui/TableGrid';
import { TableTools } from '../../ui/TableTools';
import { useTable } from '../../ui/useTable';
import styles from './Campaigns.module.css';
import type { CampaignStats } from './queries';

type Department = CampaignStats['byDepartment'][number];

/** Opens by department, as departments were when the campaign reached their people. */
export function CampaignDepartments({ stats }: { stats: CampaignStats | undefined }): ReactNode {
  const { t, format } = useI18n();
  const nameOf = (item: Department): string => item.department ?? t(item.kind === 'other' ? 'team.department.other' : 'team.department.none');
  const columns: Column<Department>[] = [
    { key: 'department', title: t('account.department'), cell: (item) => <span dir="auto">{nameOf(item)}</span>, value: nameOf },
    { key: 'opens', title: t('engagement.opens'), isFigure: true, cell: (item) => format.number(item.opens), value: (item) => item.opens },
    { key: 'users', title: t('team.people'), isFigure: true, cell: (item) => format.number(item.users), value: (item) => item.users },
    {
      key: 'each',
      title: t('team.each'),
      isFigure: true,
      cell: (item) => format.average(item.opens / item.users),
      value: (item) => Math.round((item.opens / item.users) * 100) / 100,
    },
  ];
  const table = useTable({
    columns,
    rows: stats?.byDepartment,
    initialSort: { key: 'opens', direction: 'descending' },
    file: { title: 'campaign-departments', from: stats?.daily[0]?.date, to: stats?.daily.at(-1)?.date },
  });
  const caption = t('team.departments');
  const minimum = stats?.departmentMinPeople ?? null;
  return (
    <Card
      title={
        <>
          {caption}
          <AboutNumber name={caption} counts={t('campaigns.departments.counts')} asOf={stats?.asOf} query="campaign_opens_by_user" />
        </>
      }
      action={<TableTools table={table} caption={caption} />}
    >
      <TableGrid table={table} caption={caption} rowKey={nameOf} empty={t('table.empty')} />
      {minimum !== null && <p className={styles.note}>{t('team.departments.folded', { count: minimum })}</p>}
    </Card>
  );
}
