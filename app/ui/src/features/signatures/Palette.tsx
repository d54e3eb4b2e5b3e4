import type { ReactNode } from 'react';

import { useI18n } from '../../i18n/I18n';
import type { MessageKey } from '../../i18n/en';
import styles from './Signatures.module.css';

const TEXTS: Record<string, MessageKey> = {
  name: 'signatures.of.name',
  job_title: 'signatures.of.job_title',
  department: 'signatures.of.department',
  organisation: 'signatures.of.organisation',
  phone: 'signatures.of.phone',
  email: 'signatures.of.email',
  campaign_banner: 'signatures.of.campaign_banner',
  pixel: 'signatures.of.pixel',
};
const NEVER_EMPTY = new Set(['name', 'organisation', 'email', 'pixel']);

export const textOf = (name: string): MessageKey | undefined => TEXTS[name];

/** The placeholders, to be put where the cursor is; those that may be empty also as a part that vanishes. */
export function Palette({ names, onInsert }: { names: readonly string[]; onInsert: (text: string) => void }): ReactNode {
  const { t } = useI18n();
  const known = names.flatMap((name) => {
    const text = textOf(name);
    return text === undefined ? [] : [{ name, text: t(text) }];
  });
  return (
    <div className={styles.palette} role="group" aria-label={t('signatures.insert')}>
      <span className={styles.paletteTitle}>{t('signatures.insert')}</span>
      {known.map(({ name, text }) => (
        <button key={name} type="button" className={styles.chip} onClick={() => onInsert(`{{${name}}}`)} title={`{{${name}}}`}>
          {text}
        </button>
      ))}
      <span className={styles.paletteTitle}>{t('signatures.insert.section')}</span>
      {known
        .filter(({ name }) => !NEVER_EMPTY.has(name))
        .map(({ name, text }) => (
          <button key={name} type="button" className={styles.chip} onClick={() => onInsert(`{{#${name}}}<div>{{${name}}}</div>{{/${name}}}`)}>
            {t('signatures.insert.only', { name: text })}
          </button>
        ))}
    </div>
  );
}
