/** What a table is made of, and which of its columns a person has hidden on this device. */
import { useState, type ReactNode } from 'react';

export type CellValue = string | number | null;

export interface Column<Row> {
  /** Unique in its table; also the name under which sort and hidden columns are kept. */
  key: string;
  title: string;
  /** The sign that says what the figures of the column count. */
  about?: ReactNode;
  /** Figures are set at the end of the column, in tabular digits, and are sorted greatest first. */
  isFigure?: boolean;
  /** What can be done with the row: at the end of it, under a head that only is read out. */
  isAction?: boolean;
  cell: (row: Row) => ReactNode;
  /** The plain value: what the column is sorted by and what the file holds. Without it the column has neither. */
  value?: (row: Row) => CellValue;
  /** Hidden until somebody picks it. The first column names the row and always stays. */
  isHiddenAtFirst?: boolean;
}

const keyOf = (name: string): string => `heliograph.table.${name}`;

function stored(name: string): string[] | null {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(keyOf(name)) ?? 'null');
    return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : null;
  } catch {
    return null; // storage is switched off or damaged
  }
}

/** The keys of the hidden columns and how to change them; without a name they are forgotten with the page. */
export function useHiddenColumns<Row>(
  name: string | undefined,
  columns: readonly Column<Row>[],
): { hidden: ReadonlySet<string>; setHidden: (hidden: ReadonlySet<string>) => void } {
  const [chosen, setChosen] = useState(() => (name === undefined ? null : stored(name)));
  const atFirst = columns.filter((column) => column.isHiddenAtFirst === true).map((column) => column.key);
  return {
    hidden: new Set(chosen ?? atFirst),
    setHidden: (hidden) => {
      setChosen([...hidden]);
      if (name === undefined) return;
      try {
        localStorage.setItem(keyOf(name), JSON.stringify([...hidden]));
      } catch {
        // Kept for this visit only.
      }
    },
  };
}

/** The columns that are seen, in their order. */
export const visibleColumns = <Row,>(columns: readonly Column<Row>[], hidden: ReadonlySet<string>): readonly Column<Row>[] =>
  columns.filter((column, index) => index === 0 || !hidden.has(column.key));
