import type { ReactNode } from 'react';

import { useI18n } from '../i18n/I18n';
import styles from './ShareBar.module.css';
import { chart } from './theme';

export interface Share {
  key: string;
  name: string;
  /** Whole percent; all shares add to 100. */
  percent: number;
}

/** Parts of a whole as one bar, each part named with its percentage below. */
export function ShareBar({ shares }: { shares: readonly Share[] }): ReactNode {
  const { format } = useI18n();
  return (
    <>
      <div className={styles.bar} aria-hidden>
        {shares.map(
          (share, index) =>
            share.percent > 0 && (
              <span key={share.key} style={{ flexGrow: share.percent, background: chart.colours[index % 6] }} />
            ),
        )}
      </div>
      <dl className={styles.list}>
        {shares.map((share, index) => (
          <div key={share.key} className={styles.item}>
            <dt>
              <span className={styles.key} style={{ background: chart.colours[index % 6] }} aria-hidden />
              {share.name}
            </dt>
            <dd className="num">{format.percent(share.percent)}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
