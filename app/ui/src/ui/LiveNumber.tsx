import { useState, type ReactNode } from 'react';

import { useI18n } from '../i18n/I18n';
import { classes } from './classes';
import styles from './LiveNumber.module.css';

/** A number that may change while one looks: a new value fades in, it does not blink or count up. */
export function LiveNumber({ value }: { value: number }): ReactNode {
  const { format } = useI18n();
  const [first] = useState(value);
  // A new key makes a new element, and only a new element plays its animation.
  return (
    <span key={value} className={classes('num', value !== first && styles.changed)}>
      {format.number(value)}
    </span>
  );
}
