import { useMemo, type ReactNode } from 'react';

import { useI18n } from '../../i18n/I18n';
import { Table, type Column } from '../../ui/Table';
import type { ImportResult } from './importUpload';
import styles from './People.module.css';
import { ROLES } from './peopleSearch';

type Previewed = ImportResult['preview'][number];

/** The first rows of the file, as the people they become; what changes is marked. */
export function ImportPreview({ result }: { result: ImportResult }): ReactNode {
  const { t, format } = useI18n();
  const columns = useMemo<Column<Previewed>[]>(() => {
    const text = (key: 'name' | 'email' | 'department' | 'jobTitle' | 'phone' | 'timeZone', direction: 'auto' | 'ltr' = 'auto'): Column<Previewed> => ({
      key,
      title: t(`people.${key}`),
      cell: (row) => (
        <span dir={direction} data-changed={row.changed.includes(key)} className={styles.cell}>
          {row[key] === null || row[key] === '' ? '–' : row[key]}
        </span>
      ),
    });
    return [
      text('name'),
      { key: 'action', title: t('people.import.action'), cell: (row) => t(`people.import.action.${row.action}`) },
      text('email', 'ltr'),
      text('department'),
      {
        key: 'role',
        title: t('people.role'),
        cell: (row) => {
          const role = ROLES.find((known) => known === row.role) ?? 'member';
          return (
            <span data-changed={row.changed.includes('role')} className={styles.cell}>
              {t(`people.role.${role}`)}
            </span>
          );
        },
      },
      text('jobTitle'),
      text('phone', 'ltr'),
      text('timeZone', 'ltr'),
      { key: 'line', title: t('people.import.line'), isFigure: true, cell: (row) => format.number(row.line) },
    ];
  }, [t, format]);
  if (result.preview.length === 0) return null;
  return (
    <section className={styles.section}>
      <h3>{t('people.import.preview')}</h3>
      <Table caption={t('people.import.preview')} columns={columns} rows={result.preview.slice(0, 10)} rowKey={(row) => String(row.line)} />
    </section>
  );
}
