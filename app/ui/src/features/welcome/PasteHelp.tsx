import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { useI18n } from '../../i18n/I18n';
import { Card } from '../../ui/Card';
import styles from './WelcomePage.module.css';

const PROGRAMS = [
  ['Gmail', 'welcome.paste.gmail'],
  ['Outlook', 'welcome.paste.outlook'],
  ['Apple Mail', 'welcome.paste.apple'],
] as const;

/** Where the signature goes in the mail programs most people use. */
export function PasteHelp(): ReactNode {
  const { t } = useI18n();
  return (
    <Card title={t('welcome.paste')}>
      <dl className={styles.list}>
        {PROGRAMS.map(([name, key]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{t(key)}</dd>
          </div>
        ))}
      </dl>
      <p className={styles.small}>
        <Link to="/signature">{t('signatures.open')}</Link>
      </p>
    </Card>
  );
}
