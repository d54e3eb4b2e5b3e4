import { useId, type ReactNode } from 'react';

import styles from './Switch.module.css';

interface Props {
  label: string;
  /** What switching it does. */
  help: ReactNode;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
  isDisabled?: boolean;
}

/** On or off, with what that does. A checkbox underneath: Space turns it, a screen reader says “switch”. */
export function Switch({ label, help, isOn, onChange, isDisabled = false }: Props): ReactNode {
  const id = useId();
  return (
    <div className={styles.switch}>
      <div>
        <label htmlFor={id} className={styles.label}>
          {label}
        </label>
        <p id={`${id}-help`} className={styles.help}>
          {help}
        </p>
      </div>
      <input
        id={id}
        type="checkbox"
        role="switch"
        className={styles.control}
        aria-describedby={`${id}-help`}
        checked={isOn}
        disabled={isDisabled}
        onChange={(event) => onChange(event.target.checked)}
      />
    </div>
  );
}
