import type { ReactNode } from 'react';

import styles from './EmptyState.module.css';
import { Notice } from './Notice';

/** The mirror and its flash: drawn here, because it is the one picture the product has. */
function Flash(): ReactNode {
  return (
    <svg viewBox="0 0 96 72" width="96" height="72" aria-hidden className={styles.picture}>
      <path d="M8 64h80" className={styles.ground} />
      <circle cx="36" cy="42" r="13" className={styles.mirror} />
      <path d="M36 55v9M28 64h16" className={styles.stand} />
      <path d="M50 31 72 12M53 39l17-5M45 26l6-15" className={styles.rays} />
    </svg>
  );
}

/** Nothing here yet: what will be here, and the one step that fills it. */
export function EmptyState({ title, children, action }: { title: string; children: ReactNode; action: ReactNode }): ReactNode {
  return (
    <Notice title={title} action={action} picture={<Flash />}>
      {children}
    </Notice>
  );
}
