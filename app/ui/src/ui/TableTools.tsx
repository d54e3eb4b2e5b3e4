import { Columns3, Download } from 'lucide-react';
import type { ReactNode } from 'react';

import { useI18n } from '../i18n/I18n';
import { IconButton } from './Button';
import { Menu, MenuCheck } from './Menu';
import styles from './Table.module.css';
import type { TableState } from './useTable';

interface Props<Row> {
  table: TableState<Row>;
  /** Of which table these are, for those who cannot see it. */
  caption: string;
  /** False while the same figures are shown as something else. */
  hasColumns?: boolean;
}

/** Columns to pick, and the file of what is seen. */
export function TableTools<Row>({ table, caption, hasColumns = true }: Props<Row>): ReactNode {
  const { t } = useI18n();
  const toggle = (key: string): void => {
    const hidden = new Set(table.hidden);
    if (!hidden.delete(key)) hidden.add(key);
    table.setHidden(hidden);
  };
  return (
    <span className={styles.tools}>
      {table.hasPicker && hasColumns && (
        <Menu
          trigger={
            <IconButton label={t('table.columns', { table: caption })} title={t('table.columns.short')}>
              <Columns3 size={16} aria-hidden />
            </IconButton>
          }
        >
          {table.columns.map((column, index) => (
            <MenuCheck
              key={column.key}
              isChecked={index === 0 || !table.hidden.has(column.key)}
              isDisabled={index === 0}
              onChange={() => toggle(column.key)}
            >
              {column.title}
            </MenuCheck>
          ))}
        </Menu>
      )}
      {table.save !== undefined && (
        <IconButton label={t('table.csv', { table: caption })} title={t('table.csv.short')} onClick={table.save}>
          <Download size={16} aria-hidden />
        </IconButton>
      )}
    </span>
  );
}
