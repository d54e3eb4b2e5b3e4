import { useId, type ReactNode } from 'react';

import { useI18n } from '../../i18n/I18n';
import fieldStyles from '../../ui/Field.module.css';
import { classes } from '../../ui/classes';
import styles from './Keys.module.css';

/** Sites, one per line. */
export function OriginsField({ error }: { error: string | null }): ReactNode {
  const { t } = useI18n();
  const id = useId();
  return (
    <div className={fieldStyles.field}>
      <label htmlFor={id} className={fieldStyles.label}>
        {t('apikeys.origins')}
      </label>
      <textarea
        id={id}
        name="origins"
        dir="ltr"
        rows={3}
        spellCheck={false}
        placeholder="https://intranet.example"
        className={classes(fieldStyles.control, styles.origins)}
        aria-invalid={error !== null}
        aria-describedby={error === null ? `${id}-help` : `${id}-help ${id}-error`}
      />
      {error !== null && (
        <p id={`${id}-error`} className={fieldStyles.error} role="alert" dir="auto">
          {error}
        </p>
      )}
      <p id={`${id}-help`} className={fieldStyles.help}>
        {t('apikeys.origins.help')}
      </p>
    </div>
  );
}
