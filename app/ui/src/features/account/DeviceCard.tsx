import type { ReactNode } from 'react';

import { useI18n } from '../../i18n/I18n';
import { setPreferences, usePreferences } from '../../preferences/preferences';
import { Card } from '../../ui/Card';
import { Segmented } from '../../ui/Segmented';
import styles from './Account.module.css';

/** What is kept on this device only: theme and, in Arabic, digits. */
export function DeviceCard(): ReactNode {
  const { t, language } = useI18n();
  const { theme, digits } = usePreferences();
  return (
    <Card title={t('account.appearance')}>
      <div className={styles.choice}>
        <span>{t('theme.label')}</span>
        <Segmented
          label={t('theme.label')}
          value={theme}
          onChange={(next) => setPreferences({ theme: next })}
          options={(['system', 'light', 'dark'] as const).map((value) => ({ value, label: t(`theme.${value}`) }))}
        />
      </div>
      {language === 'ar' && (
        <div className={styles.choice}>
          <span>
            {t('digits.label')} <span className={styles.hint}>{t('account.digits.help')}</span>
          </span>
          <Segmented
            label={t('digits.label')}
            value={digits}
            onChange={(next) => setPreferences({ digits: next })}
            options={(['latn', 'arab'] as const).map((value) => ({ value, label: t(`digits.${value}`) }))}
          />
        </div>
      )}
    </Card>
  );
}
