import { ShieldCheck } from 'lucide-react';
import type { ReactNode } from 'react';

import { useI18n } from '../../i18n/I18n';
import styles from './AboutTracking.module.css';

/** The disclaimer that stands wherever numbers are shown, with the organisation's own retention. */
export function AboutTracking({ retentionDays }: { retentionDays: number }): ReactNode {
  const { t } = useI18n();
  return (
    <aside className={styles.about} aria-label={t('about.title')}>
      <h2 className={styles.title}>
        <ShieldCheck size={16} aria-hidden />
        {t('about.title')}
      </h2>
      <ul>
        <li>{t('about.how')}</li>
        <li>{t('about.blocked')}</li>
        <li>{t('about.bots')}</li>
        <li>{t('about.takenBack')}</li>
        <li>{t('about.who')}</li>
        <li>{t('about.once')}</li>
        <li>{t('about.retention', { count: retentionDays })}</li>
      </ul>
    </aside>
  );
}
