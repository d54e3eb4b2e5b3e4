import type { ReactNode } from 'react';

import styles from './Skeleton.module.css';

/** The room of something that is on its way, in its shape. Sizes are CSS lengths. */
export function Skeleton({ inlineSize = '100%', blockSize = '1em' }: { inlineSize?: string; blockSize?: string }): ReactNode {
  return <span aria-hidden className={styles.bone} style={{ inlineSize, blockSize }} />;
}

/** Bars of no day in particular: where a chart will stand. */
const BARS = [30, 52, 48, 80, 66, 22, 18, 44, 60, 92, 70, 58, 20, 26, 74, 64, 56, 84, 50, 24, 20, 46, 54, 62];

export function ChartSkeleton(): ReactNode {
  return (
    <span aria-hidden className={styles.bars}>
      {BARS.map((size, index) => (
        <span key={index} className={styles.bone} style={{ blockSize: `${size}%` }} />
      ))}
    </span>
  );
}
