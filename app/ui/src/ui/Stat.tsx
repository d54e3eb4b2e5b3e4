import type { ReactNode } from 'react';

import { AboutNumber, type NumberFacts } from './AboutNumber';
import { LiveNumber } from './LiveNumber';
import { Skeleton } from './Skeleton';
import styles from './Stat.module.css';

interface Props extends NumberFacts {
  /** Marks the number in the page, for tests and scripts. */
  id: string;
  /** Absent while it is on its way: the room is kept. */
  value: number | undefined;
  /** What stands below the number: a denominator, a comparison. */
  note?: ReactNode;
}

/** A key figure that says what it counts, how fresh it is, and opens as SQL. */
export function Stat({ id, value, note, ...facts }: Props): ReactNode {
  return (
    <div className={styles.stat}>
      <div className={styles.label}>
        {facts.name}
        <AboutNumber {...facts} />
      </div>
      <div className={styles.value} data-testid={`stat-${id}`}>
        {value === undefined ? <Skeleton inlineSize="2.2em" blockSize="0.8em" /> : <LiveNumber value={value} />}
      </div>
      <div className={styles.note}>{value === undefined ? <Skeleton inlineSize="6em" /> : note}</div>
    </div>
  );
}
