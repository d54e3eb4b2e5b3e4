import type { ReactNode } from 'react';

import styles from './Skeleton.module.css';

/** The room of something that is on its way, in its shape. Sizes are CSS lengths. */
export function Skeleton({ inlineSize = '100%', blockSize = '1em' }: { inlineSize?: string; blockSize?: string }): ReactNode {
  return <span aria-hidden className={styles.bone} style={{ inlineSize, blockSize }} />;
}
