import { Outlet, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react';

import { useI18n } from '../i18n/I18n';
import { LiveProvider } from '../live/useAnalyticsStream';
import { setPreferences, usePreferences } from '../preferences/preferences';
import { BottomBar } from './BottomBar';
import { usePages } from './pages';
import styles from './Shell.module.css';
import { Sidebar } from './Sidebar';
import { useKeys } from './useKeys';

const CommandMenu = lazy(() => import('./CommandMenu'));
const KeyList = lazy(() => import('./KeyList'));

/** The frame of every page behind the sign-in: navigation, live connection, command menu, keys. */
export default function Shell(): ReactNode {
  const { t } = useI18n();
  const { isSidebarCollapsed } = usePreferences();
  const pages = usePages();
  const navigate = useNavigate();
  const [layer, setLayer] = useState<'command' | 'keys' | null>(null);
  const close = (): void => setLayer(null);

  useKeys({
    '?': () => setLayer('keys'),
    '[': () => setPreferences({ isSidebarCollapsed: !isSidebarCollapsed }),
    ...Object.fromEntries(pages.map((page) => [`g ${page.key}`, () => void navigate({ to: page.to })])),
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      setLayer((before) => (before === 'command' ? null : 'command'));
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);

  return (
    <LiveProvider>
      <a href="#content" className={styles.skip}>
        {t('app.skip')}
      </a>
      <div className={styles.shell} data-collapsed={isSidebarCollapsed}>
        <Sidebar onCommand={() => setLayer('command')} onKeys={() => setLayer('keys')} />
        <main id="content" className={styles.content} tabIndex={-1}>
          <div className={styles.page}>
            <Outlet />
          </div>
        </main>
        <BottomBar onCommand={() => setLayer('command')} />
      </div>
      <Suspense fallback={null}>
        {layer === 'command' && <CommandMenu onClose={close} onKeys={() => setLayer('keys')} />}
        {layer === 'keys' && <KeyList onClose={close} />}
      </Suspense>
    </LiveProvider>
  );
}
