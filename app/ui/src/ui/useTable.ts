/** The state of a table: columns seen, order of rows, and the file of both. */
import { useMemo, useState } from 'react';

import { useI18n } from '../i18n/I18n';
import { download } from './csv';
import { useHiddenColumns, visibleColumns, type Column } from './tableColumns';
import { nextSort, sortRows, type Sort } from './tableSort';

export interface TableOptions<Row> {
  /** Under which the picked columns are remembered on this device; no picker without it. */
  name?: string;
  columns: readonly Column<Row>[];
  /** `undefined` while they are on their way. */
  rows: readonly Row[] | undefined;
  initialSort?: Sort;
  /** The order, where the page keeps it (in its URL): give `onSort` with it. */
  sort?: Sort | null;
  onSort?: (sort: Sort) => void;
  /** The server gives rows in the order of `sort`; they are not sorted again. */
  isSortedByServer?: boolean;
  /** More rows exist than are here. Sorting those that are here would mislead, so only the server may. */
  hasMore?: boolean;
  /** Title of the CSV file in plain letters, with the period it is about; today's date stands for a missing one. No file without it. */
  file?: { title: string; from?: string | undefined; to?: string | undefined };
}

export interface TableState<Row> {
  columns: readonly Column<Row>[];
  visible: readonly Column<Row>[];
  rows: readonly Row[] | undefined;
  sort: Sort | null;
  isSortable: (column: Column<Row>) => boolean;
  sortBy: (column: Column<Row>) => void;
  hasPicker: boolean;
  hidden: ReadonlySet<string>;
  setHidden: (hidden: ReadonlySet<string>) => void;
  /** Saves what is seen: these columns, these rows, this order. Absent where there is no file. */
  save: (() => void) | undefined;
}

export function useTable<Row>(options: TableOptions<Row>): TableState<Row> {
  const { columns, rows, isSortedByServer = false, hasMore = false, file } = options;
  const { format } = useI18n();
  const [own, setOwn] = useState(options.initialSort ?? null);
  const { hidden, setHidden } = useHiddenColumns(options.name, columns);
  const sort = options.sort === undefined ? own : options.sort;
  const visible = visibleColumns(columns, hidden);
  const ordered = useMemo(
    () => (rows === undefined || isSortedByServer ? rows : sortRows(rows, columns, sort, format.locale)),
    [rows, columns, sort, format.locale, isSortedByServer],
  );
  const save = (title: string, from: string, to: string | undefined): void => {
    const inFile = visible.filter((column) => column.value !== undefined);
    download(`${[title, from, to].filter(Boolean).join('-')}.csv`, [
      inFile.map((column) => column.title),
      ...(ordered ?? []).map((row) => inFile.map((column) => column.value?.(row) ?? '')),
    ]);
  };
  return {
    columns,
    visible,
    rows: ordered,
    sort,
    isSortable: (column) => column.value !== undefined && (isSortedByServer || !hasMore),
    sortBy: (column) => (options.onSort ?? setOwn)(nextSort(column, sort)),
    hasPicker: options.name !== undefined && columns.length > 2,
    hidden,
    setHidden,
    save:
      file === undefined || ordered === undefined || ordered.length === 0
        ? undefined
        : () => save(file.title, file.from ?? new Intl.DateTimeFormat('en-CA', { timeZone: format.timeZone }).format(), file.to),
  };
}
