import { useNavigate } from '@tanstack/react-router';
import { ExternalLink, Keyboard, Languages, LogOut, SunMoon, type LucideIcon } from 'lucide-react';
import { useId, useState, type KeyboardEvent, type ReactNode } from 'react';

import { useI18n } from '../i18n/I18n';
import { setPreferences } from '../preferences/preferences';
import { Dialog } from '../ui/Dialog';
import styles from './CommandMenu.module.css';
import { matches } from './matches';
import { usePages } from './pages';
import { useProfileActions } from './useProfileActions';

interface Command {
  id: string;
  text: string;
  icon: LucideIcon;
  run: () => void;
}

/** Every page and action by name: type, arrow keys, Enter. */
export default function CommandMenu({ onClose, onKeys }: { onClose: () => void; onKeys: () => void }): ReactNode {
  const { t } = useI18n();
  const id = useId();
  const [query, setQuery] = useState('');
  const [cursor, setCursor] = useState(0);
  const found = useCommands(onKeys).filter((command) => matches(command.text, query));
  const current = found[Math.min(cursor, found.length - 1)];

  const run = (command: Command | undefined): void => {
    if (command === undefined) return;
    onClose();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && found.length > 0) {
      event.preventDefault();
      setCursor((Math.min(cursor, found.length - 1) + step + found.length) % found.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      run(current);
    }
  };
  return (
    <Dialog title={t('command.title')} isTitleHidden isOpen onOpenChange={onClose} className={styles.dialog}>
      <input
        className={styles.input}
        placeholder={t('command.placeholder')}
        aria-label={t('command.placeholder')}
        role="combobox"
        aria-expanded
        aria-controls={`${id}-list`}
        aria-activedescendant={current === undefined ? undefined : `${id}-${current.id}`}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setCursor(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div role="listbox" id={`${id}-list`} aria-label={t('command.title')} className={styles.list}>
        {found.map((command) => (
          // The input keeps the focus and its keys; the list is moved through by aria-activedescendant.
          // eslint-disable-next-line jsx-a11y/click-events-have-key-events
          <div
            key={command.id}
            id={`${id}-${command.id}`}
            role="option"
            tabIndex={-1}
            aria-selected={command === current}
            className={styles.option}
            onClick={() => run(command)}
            onPointerMove={() => setCursor(found.indexOf(command))}
          >
            <command.icon size={16} aria-hidden />
            {command.text}
          </div>
        ))}
      </div>
      {found.length === 0 && <p className={styles.empty}>{t('command.empty', { query })}</p>}
    </Dialog>
  );
}

function useCommands(onKeys: () => void): Command[] {
  const { t, language } = useI18n();
  const pages = usePages();
  const navigate = useNavigate();
  const { chooseLanguage, signOut } = useProfileActions();
  const other = language === 'en' ? 'ar' : 'en';
  return [
    ...pages.map((page) => ({
      id: page.key,
      text: t('command.goTo', { page: t(page.name) }),
      icon: page.icon,
      run: () => void navigate({ to: page.to }),
    })),
    { id: 'preview', text: t('command.preview'), icon: ExternalLink, run: () => window.open('/signature-preview', '_blank', 'noopener') },
    ...(['system', 'light', 'dark'] as const).map((theme) => ({
      id: theme,
      text: t('command.theme', { theme: t(`theme.${theme}`) }),
      icon: SunMoon,
      run: () => setPreferences({ theme }),
    })),
    { id: 'language', text: t('command.language', { language: t(`language.${other}`) }), icon: Languages, run: () => chooseLanguage(other) },
    { id: 'keys', text: t('keys.title'), icon: Keyboard, run: onKeys },
    { id: 'signout', text: t('nav.signout'), icon: LogOut, run: signOut },
  ];
}
