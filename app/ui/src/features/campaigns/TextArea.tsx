import { useId, type ReactNode } from 'react';

import { classes } from '../../ui/classes';
import styles from './Campaigns.module.css';

interface Props {
  label: string;
  help: string;
  value: string;
  maxLength: number;
  isCode?: boolean;
  isDisabled?: boolean;
  onChange: (value: string) => void;
  error: string | null;
}

/** A field of several lines: label above, help below, error beside. */
export function TextArea({ label, help, value, maxLength, isCode = false, isDisabled = false, onChange, error }: Props): ReactNode {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className={styles.label}>
        {label}
      </label>
      <textarea
        id={id}
        className={classes(styles.area, isCode && styles.code)}
        dir={isCode ? 'ltr' : 'auto'}
        spellCheck={!isCode}
        value={value}
        maxLength={maxLength}
        disabled={isDisabled}
        aria-invalid={error !== null}
        aria-describedby={`${id}-help`}
        onChange={(event) => onChange(event.target.value)}
      />
      {error !== null && (
        <p className={styles.error} role="alert" dir="auto">
          {error}
        </p>
      )}
      <p id={`${id}-help`} className={styles.note}>
        {help}
      </p>
    </div>
  );
}
