import type { ReactNode } from 'react';

import type { DailyRow } from '../../charts/dailyRows';
import { useI18n } from '../../i18n/I18n';
import { Table } from '../../ui/Table';

/** The figures of the daily chart as text, newest first. */
export function DailyTable({ rows, file = 'my-opens' }: { rows: readonly DailyRow[]; file?: string }): ReactNode {
  const { t, format } = useI18n();
  const newestFirst = [...rows].reverse();
  return (
    <Table
      name="daily"
      file={{ title: file, from: rows[0]?.date, to: rows.at(-1)?.date }}
      caption={t('engagement.daily')}
      rows={newestFirst}
      rowKey={(row) => row.date}
      columns={[
        {
          key: 'day',
          title: t('engagement.day'),
          cell: (row) => format.day(row.date, 'long') + (row.isSoFar ? ` (${t('engagement.daily.soFar')})` : ''),
          value: (row) => row.date,
        },
        { key: 'opens', title: t('engagement.opens'), isFigure: true, cell: (row) => format.number(row.opens), value: (row) => row.opens },
        { key: 'unique', title: t('engagement.uniqueColumn'), isFigure: true, cell: (row) => format.number(row.unique), value: (row) => row.unique },
        { key: 'repeats', title: t('engagement.repeats'), isFigure: true, cell: (row) => format.number(row.repeats), value: (row) => row.repeats },
      ]}
    />
  );
}
