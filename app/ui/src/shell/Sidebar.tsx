import { Link } from '@tanstack/react-router';
import { Keyboard, PanelLeft, Search } from 'lucide-react';
import { useId, type ReactNode } from 'react';

import { useI18n } from '../i18n/I18n';
import { setPreferences, usePreferences } from '../preferences/preferences';
import { IconButton } from '../ui/Button';
import { Mark } from '../ui/Mark';
import { Tooltip } from '../ui/Tooltip';
import { grouped, usePages, type Page } from './pages';
import { PersonMenu } from './PersonMenu';
import styles from './Sidebar.module.css';

const COMMAND_KEYS = /mac|iphone|ipad/i.test(navigator.userAgent) ? '⌘K' : 'Ctrl K';

/** Pages by job; collapses to icons. Phones get the bottom bar instead. */
export function Sidebar({ onCommand, onKeys }: { onCommand: () => void; onKeys: () => void }): ReactNode {
  const { t, direction } = useI18n();
  const { isSidebarCollapsed } = usePreferences();
  const id = useId();
  const { work, settings, self } = grouped(usePages());
  const side = direction === 'rtl' ? 'left' : 'right';
  const list = (pages: readonly Page[]): ReactNode => (
    <ul className={styles.list}>
      {pages.map((page) => {
        const link = (
          <Link to={page.to} className={styles.link} activeProps={{ 'data-active': true }} aria-label={isSidebarCollapsed ? t(page.name) : undefined}>
            <page.icon size={17} aria-hidden />
            <span className={styles.text}>{t(page.name)}</span>
          </Link>
        );
        return (
          <li key={page.to}>
            {isSidebarCollapsed ? (
              <Tooltip text={t(page.name)} side={side}>
                {link}
              </Tooltip>
            ) : (
              link
            )}
          </li>
        );
      })}
    </ul>
  );
  return (
    <aside className={styles.sidebar} data-collapsed={isSidebarCollapsed}>
      <div className={styles.top}>
        <Link to="/" className={styles.brand} aria-label={t('app.name')}>
          <Mark size={26} />
          <span className={styles.text}>{t('app.name')}</span>
        </Link>
        <IconButton
          className={styles.collapse}
          label={t(isSidebarCollapsed ? 'nav.expand' : 'nav.collapse')}
          aria-expanded={!isSidebarCollapsed}
          onClick={() => setPreferences({ isSidebarCollapsed: !isSidebarCollapsed })}
        >
          <PanelLeft size={16} aria-hidden className={styles.turns} />
        </IconButton>
      </div>
      <button type="button" className={styles.search} onClick={onCommand} aria-label={isSidebarCollapsed ? t('nav.search') : undefined}>
        <Search size={15} aria-hidden />
        <span className={styles.text}>{t('nav.search')}</span>
        <kbd className={styles.text} dir="ltr">
          {COMMAND_KEYS}
        </kbd>
      </button>
      <nav aria-label={t('nav.label')} className={styles.pages}>
        {list(work)}
        {settings.length > 0 && (
          <div role="group" aria-labelledby={id} className={styles.part}>
            <p id={id} className={styles.heading}>
              {t('nav.settings')}
            </p>
            {list(settings)}
          </div>
        )}
        <div className={styles.part}>{list(self)}</div>
      </nav>
      <div className={styles.bottom}>
        <PersonMenu />
        <IconButton className={styles.collapse} label={t('nav.keys')} onClick={onKeys}>
          <Keyboard size={16} aria-hidden />
        </IconButton>
      </div>
    </aside>
  );
}
