import type { ReactNode } from 'react';

import { useI18n } from '../../i18n/I18n';
import type { ImportResult } from './importUpload';
import styles from './People.module.css';

const COUNTS = ['created', 'updated', 'unchanged', 'failed'] as const;

/** How many people are new, changed, unchanged and left out; and what to know about the file. */
export function ImportOutcome({ result }: { result: ImportResult }): ReactNode {
  const { t, format } = useI18n();
  const names = result.newDepartments.slice(0, 12).map((item) => `\u2068${item.department}\u2069 (${format.number(item.people)})`);
  return (
    <>
      <dl className={styles.counts}>
        {COUNTS.map((name) => (
          <div key={name} data-kind={name}>
            <dt>{t(`people.import.${name}`)}</dt>
            <dd className="num">{format.number(result[name])}</dd>
          </div>
        ))}
      </dl>
      <ul className={styles.remarks}>
        {result.warnings.map((warning) => (
          <li key={warning} dir="auto">
            {warning}
          </li>
        ))}
        {result.inactive > 0 && <li>{t('people.import.inactive', { count: result.inactive })}</li>}
        {names.length > 0 && <li>{t('people.import.newDepartments', { count: result.newDepartments.length, names: format.list(names) })}</li>}
        {result.respeltDepartments.slice(0, 8).map((item) => (
          <li key={`${item.found} ${item.used}`}>
            {t('people.import.respelt', { found: `\u2068${item.found}\u2069`, used: `\u2068${item.used}\u2069`, count: format.number(item.people) })}
          </li>
        ))}
      </ul>
    </>
  );
}
