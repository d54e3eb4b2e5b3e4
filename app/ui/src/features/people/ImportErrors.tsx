import { useMutation } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useMemo, type ReactNode } from 'react';

import { useI18n } from '../../i18n/I18n';
import { Button } from '../../ui/Button';
import { Table, type Column } from '../../ui/Table';
import { IMPORT_FIELDS } from './ImportColumns';
import { importErrors, type ImportResult } from './importUpload';
import styles from './People.module.css';
import type { Import } from './useImport';

type Wrong = ImportResult['errors'][number];
const SHOWN = 20;

/** What is wrong with which row and what to do; all of it as a file. */
export function ImportErrors({ work, result }: { work: Import; result: ImportResult }): ReactNode {
  const { t, format } = useI18n();
  const { file, choices } = work;
  const save = useMutation({
    mutationFn: async () => {
      if (file === null) return;
      const report = await importErrors(file, { ...choices, isDryRun: true }, { onProgress: () => undefined, signal: new AbortController().signal });
      const url = URL.createObjectURL(report);
      const link = document.createElement('a');
      link.href = url;
      link.download = 'import-errors.csv';
      link.click();
      window.setTimeout(() => URL.revokeObjectURL(url), 10_000);
    },
  });
  const columns = useMemo<Column<Wrong>[]>(
    () => [
      { key: 'line', title: t('people.import.line'), cell: (row) => <span className={styles.line}>{format.number(row.line)}</span> },
      {
        key: 'field',
        title: t('people.import.errors.column'),
        cell: (row) => {
          const field = IMPORT_FIELDS.find((known) => known === row.field);
          return field === undefined ? '–' : t(`people.${field}`);
        },
      },
      {
        key: 'message',
        title: t('people.import.errors.message'),
        cell: (row) => (
          <span dir="auto" className={styles.message}>
            {row.message}
          </span>
        ),
      },
    ],
    [t, format],
  );
  if (result.errorCount === 0) return null;
  return (
    <section className={styles.section}>
      <div className={styles.head}>
        <h3>{t('people.import.errors', { count: result.errorCount })}</h3>
        <Button size="small" look="quiet" icon={<Download size={14} aria-hidden />} disabled={save.isPending} onClick={() => save.mutate()}>
          {t('people.import.errors.download')}
        </Button>
      </div>
      <p className={styles.note}>{t('people.import.errors.text')}</p>
      <Table
        caption={t('people.import.errors', { count: result.errorCount })}
        columns={columns}
        rows={result.errors.slice(0, SHOWN)}
        rowKey={(row) => `${row.line} ${row.field} ${row.message}`}
      />
    </section>
  );
}
