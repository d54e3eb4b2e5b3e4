import { useState, type ReactNode } from 'react';

import type { OrganisationStats } from '../../api/types';
import { useI18n } from '../../i18n/I18n';
import { AboutNumber } from '../../ui/AboutNumber';
import { Card } from '../../ui/Card';
import { Segmented } from '../../ui/Segmented';
import { Skeleton } from '../../ui/Skeleton';
import type { Column } from '../../ui/Table';
import { TableGrid } from '../../ui/TableGrid';
import { TableTools } from '../../ui/TableTools';
import { useTable } from '../../ui/useTable';
import styles from './Team.module.css';

type Department = OrganisationStats['byDepartment'][number];
const keyOf = (item: Department): string => `${item.kind} ${item.department ?? ''}`;
const perPerson = (item: Department): number => (item.users === 0 ? 0 : Math.round((item.opens / item.users) * 10) / 10);

/** Opens by department: bars from zero, each with its own figures, so that no legend is needed; or the same as a table. */
export function DepartmentsCard({ stats }: { stats: OrganisationStats | undefined }): ReactNode {
  const { t, format } = useI18n();
  const [view, setView] = useState<'chart' | 'table'>('chart');
  const departments = stats?.byDepartment ?? [];
  const most = Math.max(1, ...departments.map((item) => item.opens));
  const nameOf = (item: Department): string =>
    item.kind === 'department' ? (item.department ?? '') : t(item.kind === 'none' ? 'team.department.none' : 'team.department.other');
  const figure = (key: string, title: string, value: (item: Department) => number): Column<Department> => ({
    key,
    title,
    isFigure: true,
    value,
    cell: (item) => format.average(value(item)),
  });
  const table = useTable({
    name: 'departments',
    columns: [
      { key: 'department', title: t('account.department'), cell: (item) => <span dir="auto">{nameOf(item)}</span>, value: nameOf },
      figure('opens', t('engagement.opens'), (item) => item.opens),
      figure('unique', t('engagement.uniqueColumn'), (item) => item.unique),
      figure('people', t('team.people'), (item) => item.users),
      { ...figure('active', t('team.active'), (item) => item.activeUsers), isHiddenAtFirst: true },
      figure('each', t('team.each'), perPerson),
    ],
    rows: stats?.byDepartment,
    file: { title: 'departments', from: stats?.period.from, to: stats?.period.to },
  });
  return (
    <Card
      title={
        <>
          {t('team.departments')}
          <AboutNumber name={t('team.departments')} counts={t('team.departments.counts')} asOf={stats?.asOf} query="organisation_opens_by_user" />
        </>
      }
      action={
        departments.length > 0 && (
          <span className={styles.tools}>
            <TableTools table={table} caption={t('team.departments')} hasColumns={view === 'table'} />
            <Segmented
              label={t('engagement.view')}
              value={view}
              onChange={setView}
              options={[
                { value: 'chart', label: t('engagement.chart') },
                { value: 'table', label: t('engagement.table') },
              ]}
            />
          </span>
        )
      }
    >
      {stats === undefined && <Skeleton blockSize="180px" />}
      {stats !== undefined && departments.length === 0 && (
        <p className={styles.note}>{t('team.departments.small', { count: stats.departmentMinPeople ?? 0 })}</p>
      )}
      {departments.length > 0 &&
        (view === 'table' ? (
          <div className={styles.table}>
            <TableGrid table={table} caption={t('team.departments')} rowKey={keyOf} />
          </div>
        ) : (
          <ul className={styles.bars}>
            {departments.map((item) => (
              <Bar key={keyOf(item)} item={item} name={nameOf(item)} most={most} />
            ))}
          </ul>
        ))}
      {stats?.departmentMinPeople != null && departments.length > 0 && (
        <p className={styles.note}>{t('team.departments.folded', { count: stats.departmentMinPeople })}</p>
      )}
    </Card>
  );
}

function Bar({ item, name, most }: { item: Department; name: string; most: number }): ReactNode {
  const { t, format } = useI18n();
  return (
    <li data-kind={item.kind}>
      <p className={styles.name}>
        <span dir="auto" title={name}>
          {name}
        </span>
        <strong>{t('team.opens', { count: item.opens })}</strong>
      </p>
      {item.opens > 0 && <div className={styles.bar} style={{ inlineSize: `${(item.opens / most) * 100}%` }} aria-hidden />}
      <p className={styles.note}>
        {t('team.department.people', { count: item.users })} · {t('team.perPerson', { average: format.average(perPerson(item)) })}
      </p>
    </li>
  );
}
