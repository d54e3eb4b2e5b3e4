import type { ReactNode } from 'react';

import { useI18n } from '../../i18n/I18n';
import { Switch } from '../../ui/Switch';
import styles from './People.module.css';
import type { Choices, Import } from './useImport';

export const IMPORT_FIELDS = ['email', 'name', 'department', 'jobTitle', 'phone', 'timeZone', 'locale', 'role'] as const;
const PARTS = ['firstName', 'lastName'] as const;

interface Props {
  work: Import;
  headers: readonly string[];
  /** What each column was taken as; nothing if the file could not be understood. */
  fields?: readonly (string | null)[];
}

/** What each column of the file is, and how to read empty cells and spellings: changing it checks the file again. */
export function ImportColumns({ work, headers, fields = [] }: Props): ReactNode {
  const { t } = useI18n();
  const { file, choices } = work;
  if (file === null || headers.length === 0) return null;
  const set = (change: Partial<Choices>): void => work.check(file, { ...choices, ...change });
  return (
    <details className={styles.section} open={fields.length === 0}>
      <summary>{t('people.import.columns')}</summary>
      <div className={styles.columns}>
        {headers.map((header, index) => (
          <label key={`${index} ${header}`} className={styles.column}>
            <span dir="auto">{header || '–'}</span>
            <select
              className={styles.choice}
              value={choices.mapping[header] ?? fields[index] ?? ''}
              onChange={(event) => set({ mapping: { ...choices.mapping, [header]: event.target.value } })}
            >
              <option value="">{t('people.import.column.none')}</option>
              {IMPORT_FIELDS.map((field) => (
                <option key={field} value={field}>
                  {t(`people.${field}`)}
                </option>
              ))}
              {PARTS.map((field) => (
                <option key={field} value={field}>
                  {t(`people.import.column.${field}`)}
                </option>
              ))}
            </select>
          </label>
        ))}
      </div>
      <Switch label={t('people.import.clearEmpty')} help={t('people.import.clearEmpty.help')} isOn={choices.clearEmpty} onChange={(clearEmpty) => set({ clearEmpty })} />
      <Switch
        label={t('people.import.keepSpellings')}
        help={t('people.import.keepSpellings.help')}
        isOn={choices.keepSpellings}
        onChange={(keepSpellings) => set({ keepSpellings })}
      />
    </details>
  );
}
