import { useId, type ComponentProps, type ReactNode } from 'react';

import styles from './Field.module.css';

interface Common {
  label: string;
  help?: ReactNode;
  /** What is wrong with the value; stands beside the field and is tied to it. */
  error?: string | null;
  /** Stands after the label, e.g. “optional”. */
  mark?: string;
}

interface Parts extends Common {
  children: (wiring: { id: string; 'aria-describedby': string | undefined; 'aria-invalid': boolean; className: string }) => ReactNode;
}

/** Label above, help below, error beside: the frame of every field. */
function Frame({ label, help, error, mark, children }: Parts): ReactNode {
  const id = useId();
  const hasError = error !== undefined && error !== null;
  const describedBy = [help !== undefined && `${id}-help`, hasError && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={styles.label}>
        {label}
        {mark !== undefined && <span className={styles.mark}>{mark}</span>}
      </label>
      {children({
        id,
        'aria-describedby': describedBy === '' ? undefined : describedBy,
        'aria-invalid': hasError,
        className: styles.control ?? '',
      })}
      {hasError && (
        <p id={`${id}-error`} className={styles.error} role="alert">
          {error}
        </p>
      )}
      {help !== undefined && (
        <p id={`${id}-help`} className={styles.help}>
          {help}
        </p>
      )}
    </div>
  );
}

export function Field({ label, help, error, mark, ...rest }: Common & Omit<ComponentProps<'input'>, 'id'>): ReactNode {
  return (
    <Frame label={label} help={help} error={error ?? null} {...(mark === undefined ? {} : { mark })}>
      {(wiring) => <input {...rest} {...wiring} />}
    </Frame>
  );
}

export function SelectField({ label, help, error, mark, children, ...rest }: Common & Omit<ComponentProps<'select'>, 'id'>): ReactNode {
  return (
    <Frame label={label} help={help} error={error ?? null} {...(mark === undefined ? {} : { mark })}>
      {(wiring) => (
        <select {...rest} {...wiring}>
          {children}
        </select>
      )}
    </Frame>
  );
}
