import { ArrowDown, ArrowUp, ChevronsUpDown } from 'lucide-react';
import type { MouseEvent, ReactNode } from 'react';

import { useI18n } from '../i18n/I18n';
import { Button } from './Button';
import { Skeleton } from './Skeleton';
import styles from './Table.module.css';
import type { Column } from './tableColumns';
import { RowCheck, AllCheck, type Selection } from './TableSelection';
import type { TableState } from './useTable';

export interface GridProps<Row> {
  /** For screen readers; says what the rows are. */
  caption: string;
  rowKey: (row: Row) => string;
  /** What stands there when there is no row. */
  empty?: ReactNode;
  /** Opens a row. The first cell becomes a button; a press anywhere in the row does the same. */
  onOpen?: (row: Row) => void;
  /** The first cell holds a link: a press anywhere in the row follows it. */
  isRowLink?: boolean;
  selection?: Selection<Row>;
  /** There is more to ask for. */
  more?: { onMore: () => void; isLoading: boolean } | undefined;
}

const SKELETON_ROWS = [70, 52, 84, 60, 76];

/** The rows of a table under a head that stays, and whose first column stays too where it must be scrolled. */
export function TableGrid<Row>({ table, ...grid }: GridProps<Row> & { table: TableState<Row> }): ReactNode {
  const { t } = useI18n();
  const { caption, rowKey, empty, selection, more } = grid;
  const { rows, visible } = table;
  const span = visible.length + (selection === undefined ? 0 : 1);
  const keys = rows?.map(rowKey) ?? [];
  return (
    <div className={styles.frame}>
      {/* A region that scrolls must be reachable by keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={styles.scroll} tabIndex={0} role="region" aria-label={caption} aria-busy={rows === undefined}>
        <table className={styles.table} data-selectable={selection !== undefined}>
          <caption className="visually-hidden">{caption}</caption>
          <thead>
            <tr>
              {selection !== undefined && (
                <td className={styles.check}>
                  <AllCheck keys={keys} selection={selection} />
                </td>
              )}
              {visible.map((column) => (
                <Head key={column.key} column={column} table={table} />
              ))}
            </tr>
          </thead>
          <tbody>
            {rows === undefined &&
              SKELETON_ROWS.map((size) => (
                <tr key={size}>
                  <td colSpan={span}>
                    <Skeleton inlineSize={`${size}%`} />
                  </td>
                </tr>
              ))}
            {rows?.length === 0 && (
              <tr className={styles.empty}>
                <td colSpan={span}>{empty ?? t('table.empty')}</td>
              </tr>
            )}
            {rows?.map((row, index) => (
              <Row key={keys[index]} row={row} keys={keys} index={index} visible={visible} grid={grid} />
            ))}
          </tbody>
        </table>
      </div>
      {more !== undefined && (
        <div className={styles.more}>
          <Button size="small" onClick={more.onMore} disabled={more.isLoading}>
            {t(more.isLoading ? 'table.more.loading' : 'table.more')}
          </Button>
        </div>
      )}
    </div>
  );
}

function Head<Row>({ column, table }: { column: Column<Row>; table: TableState<Row> }): ReactNode {
  const { sort } = table;
  const order = sort?.key === column.key ? sort.direction : 'none';
  const isSortable = table.isSortable(column);
  const Arrow = order === 'none' ? ChevronsUpDown : order === 'ascending' ? ArrowUp : ArrowDown;
  return (
    <th scope="col" data-figure={column.isFigure} data-action={column.isAction} aria-sort={isSortable || order !== 'none' ? order : undefined}>
      {isSortable ? (
        <button type="button" className={styles.sort} onClick={() => table.sortBy(column)}>
          {column.title}
          <Arrow size={13} aria-hidden data-order={order} />
        </button>
      ) : (
        <span className={column.isAction ? 'visually-hidden' : undefined}>{column.title}</span>
      )}
      {column.about !== undefined && <span className={styles.about}>{column.about}</span>}
    </th>
  );
}

interface RowProps<Row> {
  row: Row;
  keys: readonly string[];
  index: number;
  visible: readonly Column<Row>[];
  grid: GridProps<Row>;
}

function Row<Row>({ row, keys, index, visible, grid }: RowProps<Row>): ReactNode {
  const { onOpen, isRowLink = false, selection } = grid;
  const isSelected = selection?.selected.has(keys[index] ?? '');
  const follow = (event: MouseEvent<HTMLTableRowElement>): void => {
    const target = event.target as Element;
    const hasChosenText = window.getSelection()?.isCollapsed === false;
    if (hasChosenText || target.closest('a, button, input, label, select') !== null) return;
    const { ctrlKey, metaKey, shiftKey } = event;
    event.currentTarget
      .querySelector('th :is(a, button)')
      ?.dispatchEvent(new window.MouseEvent('click', { bubbles: true, cancelable: true, ctrlKey, metaKey, shiftKey }));
  };
  const canOpen = onOpen !== undefined || isRowLink;
  return (
    // The keyboard has the link or button of the first cell; this is the same for a mouse, with more room.
    <tr data-selected={isSelected} data-opens={canOpen} onClick={canOpen ? follow : undefined}>
      {selection !== undefined && (
        <td className={styles.check}>
          <RowCheck row={row} keys={keys} index={index} selection={selection} />
        </td>
      )}
      {visible.map((column, position) =>
        position === 0 ? (
          <th key={column.key} scope="row">
            {onOpen === undefined ? (
              column.cell(row)
            ) : (
              <button type="button" className={styles.open} onClick={() => onOpen(row)}>
                {column.cell(row)}
              </button>
            )}
          </th>
        ) : (
          <td key={column.key} data-figure={column.isFigure} data-action={column.isAction}>
            {column.cell(row)}
          </td>
        ),
      )}
    </tr>
  );
}
