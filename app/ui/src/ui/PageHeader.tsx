import type { ReactNode } from 'react';

import styles from './PageHeader.module.css';

/** Title, state and controls of a page; its one primary action comes last. */
export function PageHeader({ title, state, children }: { title: string; state?: ReactNode; children?: ReactNode }): ReactNode {
  return (
    <header className={styles.header}>
      <h1 className={styles.title}>{title}</h1>
      {state}
      <div className={styles.controls}>{children}</div>
    </header>
  );
}
