import { useState, type ReactNode } from 'react';

import { useI18n } from '../../i18n/I18n';
import { Field, SelectField } from '../../ui/Field';
import styles from './Settings.module.css';

const USUAL = [30, 60, 90, 180, 365, 730];
export const MOST_DAYS = 3650;

export const isPossible = (days: number): boolean => Number.isInteger(days) && days >= 1 && days <= MOST_DAYS;

/** How long opens are kept: the usual spans, or any number of days. */
export function RetentionField({ days, saved, onChange }: { days: number; saved: number; onChange: (days: number) => void }): ReactNode {
  const { t, format } = useI18n();
  const [isOther, setOther] = useState(!USUAL.includes(days));
  const isLess = isPossible(days) && days < saved;
  const [now] = useState(() => Date.now());
  const limit = new Date(now - days * 86_400_000).toISOString().slice(0, 10);
  return (
    <>
      <div className={styles.retention}>
        <SelectField
          label={t('settings.retention')}
          help={t('settings.retention.help')}
          value={isOther ? 'other' : String(days)}
          onChange={(event) => {
            setOther(event.target.value === 'other');
            if (event.target.value !== 'other') onChange(Number(event.target.value));
          }}
        >
          {USUAL.map((count) => (
            <option key={count} value={count}>
              {t('engagement.period.days', { count })}
            </option>
          ))}
          <option value="other">{t('settings.retention.other')}</option>
        </SelectField>
      </div>
      {isOther && (
        <div className={styles.retention}>
          <Field
            label={t('settings.retention.days')}
            type="number"
            inputMode="numeric"
            min={1}
            max={MOST_DAYS}
            step={1}
            dir="ltr"
            value={Number.isNaN(days) ? '' : days}
            onChange={(event) => onChange(event.target.valueAsNumber)}
            error={isPossible(days) ? null : t('settings.retention.wrong', { most: MOST_DAYS })}
          />
        </div>
      )}
      {isLess && (
        <p className={styles.warning} role="status">
          {t('settings.retention.less', { day: format.day(limit, 'long') })}
        </p>
      )}
    </>
  );
}
