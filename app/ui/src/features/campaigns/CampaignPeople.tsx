import { Link } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';

import { useI18n } from '../../i18n/I18n';
import { AboutNumber } from '../../ui/AboutNumber';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import type { Column } from '../../ui/Table';
import { TableGrid } from '../../ui/TableGrid';
import { TableTools } from '../../ui/TableTools';
import { useTable } from '../../ui/useTable';
import styles from './Campaigns.module.css';
import type { CampaignStats } from './queries';

type Person = CampaignStats['byPerson'][number];
const AT_FIRST = 10;

/** Everybody in the campaign, most opens first, beside their everyday opens. */
export function CampaignPeople({ stats }: { stats: CampaignStats | undefined }): ReactNode {
  const { t, format } = useI18n();
  const [isAll, setAll] = useState(false);
  const figure = (key: 'opens' | 'unique' | 'everyday' | 'before', title: string): Column<Person> => ({
    key,
    title,
    isFigure: true,
    cell: (person) => format.number(person[key]),
    value: (person) => person[key],
  });
  const columns: Column<Person>[] = [
    {
      key: 'name',
      title: t('account.name'),
      cell: (person) => (
        <>
          <Link to="/team/$userId" params={{ userId: person.userId }} search={{ days: 30 }} className={styles.link} dir="auto">
            {person.name}
          </Link>
          {!person.isActive && <span className={styles.count}> {t('team.person.left')}</span>}
        </>
      ),
      value: (person) => person.name,
    },
    {
      key: 'department',
      title: t('account.department'),
      cell: (person) => <span dir="auto">{person.department ?? '–'}</span>,
      value: (person) => person.department,
    },
    figure('opens', t('campaigns.series.opens')),
    figure('unique', t('engagement.uniqueColumn')),
    figure('everyday', t('campaigns.series.everyday')),
    figure('before', t('campaigns.series.before')),
  ];
  const table = useTable({
    name: 'campaign-people',
    columns,
    rows: stats?.byPerson,
    initialSort: { key: 'opens', direction: 'descending' },
    file: { title: 'campaign-people', from: stats?.daily[0]?.date, to: stats?.daily.at(-1)?.date },
  });
  const caption = t('campaigns.byPerson');
  const count = stats?.byPerson.length ?? 0;
  const shown = isAll ? table : { ...table, rows: table.rows?.slice(0, AT_FIRST) };
  return (
    <Card
      title={
        <>
          {caption}
          <AboutNumber name={caption} counts={t('campaigns.byPerson.counts')} asOf={stats?.asOf} query="campaign_opens_by_user" />
        </>
      }
      action={<TableTools table={table} caption={caption} />}
    >
      <div className={styles.table}>
        <TableGrid table={shown} caption={caption} rowKey={(person) => person.userId} empty={t('campaigns.byPerson.none')} isRowLink />
      </div>
      {count > AT_FIRST && !isAll && (
        <Button size="small" look="quiet" onClick={() => setAll(true)}>
          {t('campaigns.byPerson.all', { count })}
        </Button>
      )}
      <p className={styles.note}>{t('team.top.note')}</p>
    </Card>
  );
}
