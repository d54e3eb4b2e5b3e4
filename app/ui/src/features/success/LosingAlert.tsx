import type { ReactNode } from 'react';

import { useI18n } from '../../i18n/I18n';
import { Card } from '../../ui/Card';
import styles from './Success.module.css';
import type { SuccessMetrics } from './queries';

type Losing = NonNullable<SuccessMetrics['collectors'][number]['losing']>;

/** A collector that answers pixels and cannot keep their hits: since when, how many, why, and what helps. */
export function LosingAlert({ name, losing }: { name: string; losing: Losing }): ReactNode {
  const { t, format } = useI18n();
  return (
    <div role="alert" className={styles.wide}>
      <Card title={t('success.losing')} className={styles.losing}>
        <p>{t('success.losing.text', { collector: name, count: losing.hits, time: format.moment(losing.since) })}</p>
        <p>
          <bdi dir="ltr">{losing.why}</bdi>
        </p>
        <p className={styles.of}>{t('success.losing.help')}</p>
      </Card>
    </div>
  );
}
