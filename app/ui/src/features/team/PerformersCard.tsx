import { Link } from '@tanstack/react-router';
import { Download } from 'lucide-react';
import type { ReactNode } from 'react';

import type { OrganisationStats } from '../../api/types';
import { useI18n } from '../../i18n/I18n';
import { AboutNumber } from '../../ui/AboutNumber';
import { IconButton } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { download } from '../../ui/csv';
import { Skeleton } from '../../ui/Skeleton';
import { Table } from '../../ui/Table';
import styles from './Team.module.css';

/** The people whose signatures were opened most; each leads to their own page. */
export function PerformersCard({ stats }: { stats: OrganisationStats | undefined }): ReactNode {
  const { t, format } = useI18n();
  const people = stats?.topPerformers ?? [];
  const save = (): void =>
    download(`top-performers-${stats?.period.from ?? ''}-${stats?.period.to ?? ''}.csv`, [
      [t('account.name'), t('account.department'), t('engagement.opens'), t('engagement.uniqueColumn')],
      ...people.map((person) => [person.name, person.department ?? '', person.opens, person.unique]),
    ]);
  return (
    <Card
      title={
        <>
          {t('team.top')}
          <AboutNumber name={t('team.top')} counts={t('team.top.counts')} asOf={stats?.asOf} query="organisation_opens_by_user" />
        </>
      }
      action={
        people.length > 0 && (
          <IconButton label={t('team.top.csv')} onClick={save}>
            <Download size={16} aria-hidden />
          </IconButton>
        )
      }
    >
      {stats === undefined && <Skeleton blockSize="180px" />}
      {stats !== undefined && people.length === 0 && <p className={styles.note}>{t('team.top.none')}</p>}
      {people.length > 0 && (
        <>
          <div className={styles.table}>
            <Table
              caption={t('team.top')}
              rows={people}
              rowKey={(person) => person.userId}
              columns={[
                {
                  key: 'name',
                  title: t('account.name'),
                  cell: (person) => (
                    <Link to="/team/$userId" params={{ userId: person.userId }} search={{ days: 30 }} className={styles.person} dir="auto">
                      {person.name}
                    </Link>
                  ),
                },
                { key: 'department', title: t('account.department'), cell: (person) => <span dir="auto">{person.department ?? '–'}</span> },
                { key: 'opens', title: t('engagement.opens'), isFigure: true, cell: (person) => format.number(person.opens) },
                { key: 'unique', title: t('engagement.uniqueColumn'), isFigure: true, cell: (person) => format.number(person.unique) },
              ]}
            />
          </div>
          <p className={styles.note}>{t('team.top.note')}</p>
        </>
      )}
    </Card>
  );
}
