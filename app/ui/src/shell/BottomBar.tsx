import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { useI18n } from '../i18n/I18n';
import styles from './BottomBar.module.css';
import { usePages } from './pages';

/** The navigation of phones, within reach of the thumb. */
export function BottomBar(): ReactNode {
  const { t } = useI18n();
  const pages = usePages();
  return (
    <nav className={styles.bar} aria-label={t('nav.label')}>
      {pages.map((page) => (
        <Link key={page.to} to={page.to} className={styles.link} activeProps={{ 'data-active': true }}>
          <page.icon size={20} aria-hidden />
          {t(page.name)}
        </Link>
      ))}
    </nav>
  );
}
