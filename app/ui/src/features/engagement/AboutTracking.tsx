import { Link } from '@tanstack/react-router';
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
      <Disclaimers retentionDays={retentionDays} />
      <p className={styles.more}>
        <Link to="/about">{t('about.more')}</Link>
      </p>
    </aside>
  );
}

/** What everybody who reads a number should know, in one line each. */
export function Disclaimers({ retentionDays }: { retentionDays: number }): ReactNode {
  const { t } = useI18n();
  return (
    <ul className={styles.list}>
      <li>{t('about.how')}</li>
      <li>{t('about.blocked')}</li>
      <li>{t('about.bots')}</li>
      <li>{t('about.takenBack')}</li>
      <li>{t('about.who')}</li>
      <li>{t('about.once')}</li>
      <li>{t('about.retention', { count: retentionDays })}</li>
    </ul>
  );
}
