import type { ReactNode } from 'react';

import { useI18n } from '../../i18n/I18n';
import styles from './People.module.css';
import type { Import } from './useImport';

/** What programs write besides UTF-8; the API takes more. */
const ENCODINGS = [
  'windows-1252',
  'windows-1256',
  'windows-1250',
  'windows-1251',
  'windows-1253',
  'windows-1254',
  'windows-1255',
  'windows-1257',
  'windows-1258',
  'iso-8859-6',
  'koi8-r',
  'cp850',
  'cp866',
  'cp874',
  'mac-roman',
  'gb18030',
  'big5',
  'shift_jis',
  'euc_kr',
  'utf-16',
] as const;

/** How the letters of the file are written: another choice checks the file again, and the preview shows the names. */
export function ImportEncoding({ work, found }: { work: Import; found: string }): ReactNode {
  const { t } = useI18n();
  const { file, choices } = work;
  if (file === null) return null;
  return (
    <label className={styles.column}>
      <span>{t('people.import.encoding')}</span>
      <select className={styles.choice} dir="ltr" value={choices.encoding} onChange={(event) => work.check(file, { ...choices, encoding: event.target.value })}>
        <option value="">{found === '' ? t('people.import.encoding.choose') : t('people.import.encoding.found', { encoding: found })}</option>
        {ENCODINGS.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
