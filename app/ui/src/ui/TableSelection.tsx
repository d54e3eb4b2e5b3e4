import type { ChangeEvent, KeyboardEvent, ReactNode } from 'react';

import { useI18n } from '../i18n/I18n';
import styles from './Table.module.css';

export interface Selection<Row> {
  selected: ReadonlySet<string>;
  onChange: (selected: ReadonlySet<string>) => void;
  /** How a row is called when its box is read out. */
  nameOf: (row: Row) => string;
}

interface Props<Row> {
  row: Row;
  keys: readonly string[];
  index: number;
  selection: Selection<Row>;
}

/** The box of one row. Space ticks it, the arrows go to the next one, with Shift they take it along. */
export function RowCheck<Row>({ row, keys, index, selection }: Props<Row>): ReactNode {
  const { t } = useI18n();
  const { selected, onChange, nameOf } = selection;
  const key = keys[index] ?? '';
  const change = (event: ChangeEvent<HTMLInputElement>): void => {
    const next = new Set(selected);
    if (!event.target.checked) next.delete(key);
    else if ((event.nativeEvent as MouseEvent).shiftKey) for (const other of upToHere()) next.add(other);
    else next.add(key);
    onChange(next);
  };
  /** From the nearest ticked row above or below up to here, as file lists do it. */
  const upToHere = (): readonly string[] => {
    const distances = keys.map((other, at) => (selected.has(other) ? Math.abs(at - index) : Infinity));
    const nearest = Math.min(...distances);
    const from = nearest === Infinity ? index : distances.indexOf(nearest);
    return keys.slice(Math.min(from, index), Math.max(from, index) + 1);
  };
  const move = (event: KeyboardEvent<HTMLInputElement>): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const other = keys[index + step];
    if (step === 0 || other === undefined) return;
    event.preventDefault();
    if (event.shiftKey) onChange(new Set([...selected, key, other]));
    const row = event.currentTarget.closest('tr');
    const neighbour = step > 0 ? row?.nextElementSibling : row?.previousElementSibling;
    neighbour?.querySelector<HTMLInputElement>('input[type="checkbox"]')?.focus();
  };
  return (
    <input
      type="checkbox"
      className={styles.box}
      aria-label={t('table.select', { name: nameOf(row) })}
      checked={selected.has(key)}
      onChange={change}
      onKeyDown={move}
    />
  );
}

/** Ticks all rows that are here, or none. */
export function AllCheck<Row>({ keys, selection }: { keys: readonly string[]; selection: Selection<Row> }): ReactNode {
  const { t } = useI18n();
  const chosen = keys.filter((key) => selection.selected.has(key)).length;
  return (
    <input
      type="checkbox"
      className={styles.box}
      aria-label={t('table.selectAll')}
      disabled={keys.length === 0}
      checked={chosen > 0 && chosen === keys.length}
      ref={(box) => {
        if (box !== null) box.indeterminate = chosen > 0 && chosen < keys.length;
      }}
      onChange={(event) => selection.onChange(new Set(event.target.checked ? keys : []))}
    />
  );
}
