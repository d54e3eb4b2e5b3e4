import { Download } from 'lucide-react';
import type { ReactNode } from 'react';

import type { OrganisationStats } from '../../api/types';
import { useI18n } from '../../i18n/I18n';
import { AboutNumber } from '../../ui/AboutNumber';
import { IconButton } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { download } from '../../ui/csv';
import { Skeleton } from '../../ui/Skeleton';
import styles from './Team.module.css';

type Department = OrganisationStats['byDepartment'][number];

/** Opens by department: bars from zero, each with its own figures, so that no legend is needed. */
export function DepartmentsCard({ stats }: { stats: OrganisationStats | undefined }): ReactNode {
  const { t } = useI18n();
  const departments = stats?.byDepartment ?? [];
  const most = Math.max(1, ...departments.map((item) => item.opens));
  const nameOf = (item: Department): string =>
    item.kind === 'department' ? (item.department ?? '') : t(item.kind === 'none' ? 'team.department.none' : 'team.department.other');
  const save = (): void =>
    download(`departments-${stats?.period.from ?? ''}-${stats?.period.to ?? ''}.csv`, [
      [t('account.department'), t('engagement.opens'), t('engagement.uniqueColumn'), t('team.people'), t('team.active')],
      ...departments.map((item) => [nameOf(item), item.opens, item.unique, item.users, item.activeUsers]),
    ]);
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
          <IconButton label={t('team.departments.csv')} onClick={save}>
            <Download size={16} aria-hidden />
          </IconButton>
        )
      }
    >
      {stats === undefined && <Skeleton blockSize="180px" />}
      {stats !== undefined && departments.length === 0 && (
        <p className={styles.note}>{t('team.departments.small', { count: stats.departmentMinPeople ?? 0 })}</p>
      )}
      {departments.length > 0 && (
        <ul className={styles.bars}>
          {departments.map((item) => (
            <Bar key={`${item.kind} ${item.department ?? ''}`} item={item} name={nameOf(item)} most={most} />
          ))}
        </ul>
      )}
      {stats?.departmentMinPeople != null && departments.length > 0 && (
        <p className={styles.note}>{t('team.departments.folded', { count: stats.departmentMinPeople })}</p>
      )}
    </Card>
  );
}

function Bar({ item, name, most }: { item: Department; name: string; most: number }): ReactNode {
  const { t, format } = useI18n();
  const perPerson = item.users === 0 ? 0 : item.opens / item.users;
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
        {t('team.department.people', { count: item.users })} · {t('team.perPerson', { average: format.average(perPerson) })}
      </p>
    </li>
  );
}
