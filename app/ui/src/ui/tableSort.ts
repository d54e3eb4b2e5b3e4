/** The order of a table's rows. */
import type { CellValue, Column } from './tableColumns';

export interface Sort {
  key: string;
  direction: 'ascending' | 'descending';
}

/** What a press on a head asks for: figures begin with the greatest, words with A; the next press turns it round. */
export function nextSort<Row>(column: Column<Row>, sort: Sort | null): Sort {
  const first = column.isFigure === true ? 'descending' : 'ascending';
  if (sort?.key !== column.key) return { key: column.key, direction: first };
  return { key: column.key, direction: sort.direction === 'ascending' ? 'descending' : 'ascending' };
}

/** The rows in order; equal ones keep theirs, and rows without a value stand last in either direction. */
export function sortRows<Row>(rows: readonly Row[], columns: readonly Column<Row>[], sort: Sort | null, locale: string): readonly Row[] {
  const value = columns.find((column) => column.key === sort?.key)?.value;
  if (sort === null || value === undefined) return rows;
  const words = new Intl.Collator(locale, { numeric: true, sensitivity: 'base' });
  const sign = sort.direction === 'ascending' ? 1 : -1;
  const compare = (one: CellValue, other: CellValue): number => {
    if (one === null || other === null) return Number(one === null) - Number(other === null);
    if (typeof one === 'number' && typeof other === 'number') return sign * (one - other);
    return sign * words.compare(String(one), String(other));
  };
  return [...rows].sort((one, other) => compare(value(one), value(other)));
}
