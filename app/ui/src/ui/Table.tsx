import type { ReactNode } from 'react';

import { useI18n } from '../i18n/I18n';
import styles from './Table.module.css';
import { TableGrid, type GridProps } from './TableGrid';
import { TableTools } from './TableTools';
import { useTable, type TableOptions } from './useTable';

export type { Column } from './tableColumns';
export type { Sort } from './tableSort';
export type { Selection } from './TableSelection';

interface Props<Row> extends TableOptions<Row>, GridProps<Row> {
  /** Stands before the tools: a search field, a filter, what can be done with the selected rows. */
  tools?: ReactNode;
  /** It stands on the page itself, not in a card: it brings its own frame. */
  isOnPage?: boolean;
}

/**
 * Rows of 36 px under a head that stays: sorted by a press on a head, columns picked (`name`), rows selected
 * (`selection`) and opened (`onOpen`, `isRowLink`), saved as CSV exactly as seen (`file`).
 *
 * Where the tools belong into the head of a card: `useTable`, `TableTools` and `TableGrid`.
 */
export function Table<Row>({ tools, isOnPage = false, ...props }: Props<Row>): ReactNode {
  const { t } = useI18n();
  const table = useTable({ ...props, hasMore: props.hasMore ?? props.more !== undefined });
  const count = props.selection?.selected.size ?? 0;
  const hasBar = tools !== undefined || table.hasPicker || table.save !== undefined || props.selection !== undefined;
  return (
    <div className={styles.whole} data-on-page={isOnPage}>
      {hasBar && (
        <div className={styles.bar}>
          {props.selection !== undefined && (
            <span className={styles.count} role="status">
              {count > 0 && t('table.selected', { count })}
            </span>
          )}
          {tools !== undefined && <div className={styles.given}>{tools}</div>}
          <TableTools table={table} caption={props.caption} />
        </div>
      )}
      <TableGrid table={table} {...props} />
    </div>
  );
}
