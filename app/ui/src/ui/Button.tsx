import type { ComponentProps, ReactNode } from 'react';

import styles from './Button.module.css';
import { classes } from './classes';

/** `danger`: what cannot be taken back, in the dialog that asks. */
type Look = 'primary' | 'secondary' | 'quiet' | 'danger';

interface Looks {
  /** One primary button on a page: the one thing to do. */
  look?: Look;
  size?: 'medium' | 'small';
  icon?: ReactNode;
}

const classOf = (look: Look, size: string, className?: string): string =>
  classes(styles.button, styles[look], size === 'small' && styles.small, className);

export function Button({ look = 'secondary', size = 'medium', icon, className, children, ...rest }: Looks & ComponentProps<'button'>): ReactNode {
  return (
    <button type="button" {...rest} className={classOf(look, size, className)}>
      {icon}
      {children}
    </button>
  );
}

/** A link that looks like a button: for going somewhere. */
export function ButtonLink({ look = 'secondary', size = 'medium', icon, className, children, ...rest }: Looks & ComponentProps<'a'>): ReactNode {
  return (
    <a {...rest} className={classOf(look, size, className)}>
      {icon}
      {children}
    </a>
  );
}

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'aria-label'> {
  /** Said to screen readers; an icon says nothing. */
  label: string;
}

export function IconButton({ label, className, children, ...rest }: IconButtonProps): ReactNode {
  return (
    <button type="button" {...rest} aria-label={label} className={classes(styles.iconButton, className)}>
      {children}
    </button>
  );
}
