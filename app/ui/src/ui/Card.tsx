import { useId, type ReactNode } from 'react';

import styles from './Card.module.css';
import { classes } from './classes';

interface Props {
  title?: ReactNode;
  /** Stands at the end of the title's line. */
  action?: ReactNode;
  children: ReactNode;
  className?: string | undefined;
}

/** A titled region on its own surface. */
export function Card({ title, action, children, className }: Props): ReactNode {
  const titleId = useId();
  return (
    <section className={classes(styles.card, className)} aria-labelledby={title === undefined ? undefined : titleId}>
      {title !== undefined && (
        <header className={styles.header}>
          <h2 id={titleId} className={styles.title}>
            {title}
          </h2>
          {action}
        </header>
      )}
      {children}
    </section>
  );
}
