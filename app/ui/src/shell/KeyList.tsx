import type { ReactNode } from 'react';

import { useI18n } from '../i18n/I18n';
import type { MessageKey } from '../i18n/en';
import { Dialog } from '../ui/Dialog';
import styles from './KeyList.module.css';
import { usePages } from './pages';

type Keys = readonly [keys: readonly string[], text: MessageKey];

/** What the keyboard can do. */
export default function KeyList({ onClose }: { onClose: () => void }): ReactNode {
  const { t } = useI18n();
  const list: readonly Keys[] = [
    [['Ctrl K', '⌘ K'], 'keys.command'],
    ...usePages().map((page): Keys => [[`G ${page.key.toUpperCase()}`], page.keyText]),
    [['1', '2', '3'], 'keys.period'],
    [['T'], 'keys.table'],
    [['←', '→'], 'keys.chart'],
    [['['], 'keys.sidebar'],
    [['?'], 'keys.help'],
  ];
  return (
    <Dialog title={t('keys.title')} isOpen onOpenChange={onClose}>
      <dl className={styles.list}>
        {list.map(([keys, text]) => (
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
