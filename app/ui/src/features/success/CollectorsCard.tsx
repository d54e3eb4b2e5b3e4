import type { ReactNode } from 'react';

import { useI18n } from '../../i18n/I18n';
import { Card } from '../../ui/Card';
import { Table } from '../../ui/Table';
import styles from './Success.module.css';
import type { SuccessMetrics } from './queries';

/** Every collector that was ever heard of within three months, and when. */
export function CollectorsCard({ collectors }: { collectors: SuccessMetrics['collectors'] }): ReactNode {
  const { t, format } = useI18n();
  return (
    <Card title={t('success.collectors')} className={styles.wide}>
      <Table
        caption={t('success.collectors.caption')}
        rows={collectors}
        rowKey={(row) => row.name}
        empty={t('success.collectors.none')}
        columns={[
          { key: 'name', title: t('success.collector'), cell: (row) => <bdi>{row.name}</bdi>, value: (row) => row.name },
          { key: 'state', title: t('success.state'), cell: (row) => t(`success.state.${row.state}`), value: (row) => t(`success.state.${row.state}`) },
          { key: 'at', title: t('success.lastReport'), cell: (row) => format.moment(row.lastReportedAt), value: (row) => row.lastReportedAt },
        ]}
      />
    </Card>
  );
}
