import type { ReactNode } from 'react';

import { Skeleton } from '../ui/Skeleton';
import styles from './PagePending.module.css';

/** The shape of a page while its first data are on the way; rarely seen. */
export function PagePending(): ReactNode {
  return (
    <div className={styles.page} aria-hidden>
      <Skeleton inlineSize="9em" blockSize="20px" />
      <Skeleton inlineSize="26em" blockSize="32px" />
      <Skeleton blockSize="108px" />
      <Skeleton blockSize="380px" />
    </div>
  );
}
