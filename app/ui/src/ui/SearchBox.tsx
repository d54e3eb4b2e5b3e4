import { Search } from 'lucide-react';
import type { ReactNode } from 'react';

import styles from './SearchBox.module.css';

interface Props {
  /** Read out, and shown while nothing is typed. */
  label: string;
  value: string;
  onChange: (text: string) => void;
}

/** Where one types what to find. */
export function SearchBox({ label, value, onChange }: Props): ReactNode {
  return (
    <label className={styles.search}>
      <Search size={15} aria-hidden />
      <input type="search" dir="auto" aria-label={label} placeholder={label} value={value} maxLength={200} onChange={(event) => onChange(event.target.value)} />
    </label>
  );
}
