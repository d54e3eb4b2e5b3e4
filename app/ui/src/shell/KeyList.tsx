import type { ReactNode } from 'react';

import { useI18n } from '../i18n/I18n';
import type { MessageKey } from '../i18n/en';
import { Dialog } from '../ui/Dialog';
import styles from './KeyList.module.css';
import { PAGES } from './pages';

const PAGE_TEXTS: Record<(typeof PAGES)[number]['to'], MessageKey> = {
  '/engagement': 'keys.engagement',
  '/welcome': 'keys.signature',
  '/account': 'keys.account',
};

const KEYS: readonly [keys: readonly string[], text: MessageKey][] = [
  [['Ctrl K', '⌘ K'], 'keys.command'],
  ...PAGES.map((page): [readonly string[], MessageKey] => [[`G ${page.key.toUpperCase()}`], PAGE_TEXTS[page.to]]),
  [['1', '2', '3'], 'keys.period'],
  [['T'], 'keys.table'],
  [['←', '→'], 'keys.chart'],
  [['['], 'keys.sidebar'],
  [['?'], 'keys.help'],
];

/** What the keyboard can do. */
export default function KeyList({ onClose }: { onClose: () => void }): ReactNode {
  const { t } = useI18n();
  return (
    <Dialog title={t('keys.title')} isOpen onOpenChange={onClose}>
      <dl className={styles.list}>
        {KEYS.map(([keys, text]) => (
          <div key={text} className={styles.line}>
            <dt>{t(text)}</dt>
            <dd dir="ltr">
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
