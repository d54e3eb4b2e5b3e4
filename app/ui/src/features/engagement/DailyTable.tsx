import type { ReactNode } from 'react';

import type { DailyRow } from '../../charts/dailyRows';
import { useI18n } from '../../i18n/I18n';
import { Table } from '../../ui/Table';

/** The figures of the daily chart as text, newest first. */
export function DailyTable({ rows }: { rows: readonly DailyRow[] }): ReactNode {
  const { t, format } = useI18n();
  return (
    <Table
      caption={t('engagement.daily')}
      rows={[...rows].reverse()}
      rowKey={(row) => row.date}
      columns={[
        {
          key: 'day',
          title: t('engagement.day'),
          cell: (row) => format.day(row.date, 'long') + (row.isSoFar ? ` (${t('engagement.daily.soFar')})` : ''),
        },
        { key: 'opens', title: t('engagement.opens'), isFigure: true, cell: (row) => format.number(row.opens) },
        { key: 'unique', title: t('engagement.uniqueColumn'), isFigure: true, cell: (row) => format.number(row.unique) },
        { key: 'repeats', title: t('engagement.repeats'), isFigure: true, cell: (row) => format.number(row.repeats) },
      ]}
    />
  );
}
