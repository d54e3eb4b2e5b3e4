import { useQuery } from '@tanstack/react-query';
import { LogOut } from 'lucide-react';
import type { ReactNode } from 'react';

import { meQuery } from '../api/queries';
import { useI18n } from '../i18n/I18n';
import { setPreferences, usePreferences } from '../preferences/preferences';
import { Menu, MenuChoice, MenuItem, MenuLine } from '../ui/Menu';
import styles from './PersonMenu.module.css';
import { useProfileActions } from './useProfileActions';

/** Who is signed in, theme, language, sign out. */
export function PersonMenu(): ReactNode {
  const { t, language } = useI18n();
  const { theme, isSidebarCollapsed } = usePreferences();
  const me = useQuery(meQuery).data;
  const { chooseLanguage, signOut } = useProfileActions();
  const name = me?.user.name ?? '';
  return (
    <Menu
      side="top"
      trigger={
        <button type="button" className={styles.person} aria-label={isSidebarCollapsed ? t('nav.me', { name }) : undefined}>
          {!isSidebarCollapsed && <span className="visually-hidden">{t('nav.you')}</span>}
          <span className={styles.face} aria-hidden>
            {name.slice(0, 1)}
          </span>
          <span className={styles.names}>
            <span className={styles.name}>{name}</span>
            <span className={styles.organisation}>{me?.organisation.name}</span>
          </span>
        </button>
      }
    >
      <MenuChoice
        label={t('theme.label')}
        value={theme}
        onChange={(next) => setPreferences({ theme: next })}
        options={(['system', 'light', 'dark'] as const).map((value) => ({ value, label: t(`theme.${value}`) }))}
      />
      <MenuLine />
      <MenuChoice
        label={t('language.label')}
        value={language}
        onChange={chooseLanguage}
        options={(['en', 'ar'] as const).map((value) => ({ value, label: t(`language.${value}`) }))}
      />
      <MenuLine />
      <MenuItem icon={<LogOut size={14} aria-hidden className={styles.turns} />} onSelect={signOut}>
        {t('nav.signout')}
      </MenuItem>
    </Menu>
  );
}
