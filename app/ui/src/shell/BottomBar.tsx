import { Link, useRouterState } from '@tanstack/react-router';
import { Ellipsis } from 'lucide-react';
import { lazy, Suspense, useState, type ReactNode } from 'react';

import { useI18n } from '../i18n/I18n';
import styles from './BottomBar.module.css';
import { barPages, usePages } from './pages';

const MoreSheet = lazy(() => import('./MoreSheet'));

/** The navigation of phones, within reach of the thumb: at most five entries, the last of which opens the rest. */
export function BottomBar({ onCommand }: { onCommand: () => void }): ReactNode {
  const { t } = useI18n();
  const { shown, rest } = barPages(usePages());
  const path = useRouterState({ select: (state) => state.location.pathname });
  const [isOpen, setOpen] = useState(false);
  return (
    <nav className={styles.bar} aria-label={t('nav.label')}>
      {shown.map((page) => (
        <Link key={page.to} to={page.to} className={styles.link} aria-label={t(page.name)} activeProps={{ 'data-active': true }}>
          <page.icon size={20} aria-hidden />
          <span className={styles.name}>{t(page.short ?? page.name)}</span>
        </Link>
      ))}
      {rest.length > 0 && (
        <button
          type="button"
          className={styles.link}
          aria-haspopup="dialog"
          aria-expanded={isOpen}
          data-active={rest.some((page) => path.startsWith(page.to)) || undefined}
          onClick={() => setOpen(true)}
        >
          <Ellipsis size={20} aria-hidden />
          <span className={styles.name}>{t('nav.more')}</span>
        </button>
      )}
      <Suspense fallback={null}>{isOpen && <MoreSheet pages={rest} onClose={() => setOpen(false)} onCommand={onCommand} />}</Suspense>
    </nav>
  );
}
