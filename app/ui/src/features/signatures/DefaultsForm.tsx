import type { ReactNode } from 'react';

import { useI18n } from '../../i18n/I18n';
import { Field } from '../../ui/Field';
import { textOf } from './Palette';
import styles from './Signatures.module.css';

const WITH_DEFAULT = ['phone', 'job_title', 'department'] as const;

/** What stands in a signature of somebody who has no value of their own. */
export function DefaultsForm({ values, onChange }: { values: Record<string, string>; onChange: (values: Record<string, string>) => void }): ReactNode {
  const { t } = useI18n();
  return (
    <div>
      <p className={styles.help}>{t('signatures.defaults.help')}</p>
      <div className={styles.defaults}>
        {WITH_DEFAULT.map((name) => {
          const text = textOf(name);
          return (
            <Field
              key={name}
              label={text === undefined ? name : t(text)}
              mark={t('signatures.optional')}
              value={values[name] ?? ''}
              maxLength={200}
              dir={name === 'phone' ? 'ltr' : 'auto'}
              onChange={(event) => onChange({ ...values, [name]: event.target.value })}
            />
          );
        })}
      </div>
    </div>
  );
}
