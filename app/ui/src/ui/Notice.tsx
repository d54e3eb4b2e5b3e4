import type { ReactNode } from 'react';

import styles from './Notice.module.css';

interface Props {
  title: string;
  children?: ReactNode;
  /** The one step that helps. */
  action?: ReactNode;
  picture?: ReactNode;
  /** A page has one first heading; inside a page it is a second one. */
  level?: 1 | 2;
  role?: 'alert';
}

/** A page or card that has no content to show: says what is, and gives the step that helps. */
export function Notice({ title, children, action, picture, level = 2, role }: Props): ReactNode {
  const Heading = level === 1 ? 'h1' : 'h2';
  return (
    <div className={styles.notice} role={role}>
      {picture}
      <Heading className={styles.title}>{title}</Heading>
      <div className={styles.text}>{children}</div>
      {action !== undefined && <div className={styles.action}>{action}</div>}
    </div>
  );
}
