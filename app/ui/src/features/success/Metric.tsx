import type { ReactNode } from 'react';

import { useI18n } from '../../i18n/I18n';
import { Card } from '../../ui/Card';
import { Skeleton } from '../../ui/Skeleton';
import styles from './Success.module.css';

interface Props {
  title: string;
  /** The number; `null`: not reported, absent: on its way. */
  value: string | null | undefined;
  /** What it is a share of, or from how many it comes. */
  of: string;
  /** Percent of a bar; no bar without. */
  share?: number | null | undefined;
  definition: string;
  target: string;
  freshness: string;
  /** The sign that opens the number as SQL, where it comes from the log. */
  about?: ReactNode;
  children?: ReactNode;
}

/** One success metric with all that makes it worth something: definition, denominator, target, freshness. */
export function Metric({ title, value, of, share, definition, target, freshness, about, children }: Props): ReactNode {
  const { t } = useI18n();
  return (
    <Card title={title} action={about} className={styles.metric}>
      <p className={styles.value} data-missing={value === null}>
        {value === undefined ? <Skeleton inlineSize="3em" blockSize="0.9em" /> : (value ?? t('success.notReported'))}
      </p>
      <p className={styles.of}>{value === undefined ? <Skeleton inlineSize="12em" /> : of}</p>
      {share != null && (
        <div className={styles.track} aria-hidden>
          <div className={styles.bar} style={{ inlineSize: `${share}%` }} />
        </div>
      )}
      {children}
      <dl className={styles.facts}>
        <dt>{t('success.definition')}</dt>
        <dd>{definition}</dd>
        <dt>{t('success.target')}</dt>
        <dd>{target}</dd>
        <dt>{t('success.freshness')}</dt>
        <dd>{freshness}</dd>
      </dl>
    </Card>
  );
}
