import type { ReactNode } from 'react';

import { useI18n } from '../../i18n/I18n';
import type { MessageKey } from '../../i18n/en';
import { mistakeText } from './mistakeTexts';
import type { Mistake, Removed, Warning } from './queries';
import styles from './Signatures.module.css';

interface Props {
  mistakes: readonly Mistake[];
  removed: readonly Removed[];
  warnings: readonly Warning[];
  onGo: (line: number, column: number) => void;
  /** Puts the name that was meant in the place of the one that does not exist. */
  onMend: (mistake: Mistake) => void;
}

/** What must be mended, what will be left out, and what some mail programs will show wrongly. */
export function Findings({ mistakes, removed, warnings, onGo, onMend }: Props): ReactNode {
  const { t, format } = useI18n();
  const place = (line: number, column: number): ReactNode => (
    <button type="button" className={styles.place} onClick={() => onGo(line, column)}>
      {t('signatures.line', { line: format.number(line) })}
    </button>
  );
  return (
    <div className={styles.findings} aria-live="polite">
      {mistakes.length > 0 && (
        <section data-kind="bad">
          <h3>{t('signatures.mistakes')}</h3>
          <ul>
            {mistakes.map((mistake) => (
              <li key={`${String(mistake.line)}:${String(mistake.column)}`}>
                {place(mistake.line, mistake.column)} <span>{withCode(mistakeText(mistake, t))}</span>{' '}
                {mistake.nearest !== null && (
                  <button type="button" className={styles.place} onClick={() => onMend(mistake)}>
                    {t('signatures.mend', { name: `{{${mistake.nearest}}}` })}
                  </button>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
      {removed.length > 0 && (
        <details data-kind="warn" open={removed.length <= 5}>
          <summary>{t('signatures.removed', { count: removed.length })}</summary>
          <ul>
            {removed.map((one, index) => (
              <li key={index}>
                {place(one.line, one.column)} {t(`signatures.kind.${one.kind}`)} <code dir="ltr">{one.name}</code>: {t(`signatures.why.${one.why}`)}
              </li>
            ))}
          </ul>
        </details>
      )}
      {warnings.length > 0 && (
        <details data-kind="note" open={warnings.length <= 3}>
          <summary>{t('signatures.warnings', { count: warnings.length })}</summary>
          <ul>
            {warnings.map((one, index) => (
              <li key={index}>
                {one.code !== 'too_large' && place(one.line, one.column)} {t(WARNINGS[one.code])} <code dir="ltr">{one.name}</code>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

/** Names in the sentences of mistakes are marked with backticks. */
const withCode = (sentence: string): ReactNode =>
  sentence.split('`').map((part, index) => (index % 2 === 0 ? part : <code key={index} dir="ltr">{part}</code>));

const WARNINGS: Record<Warning['code'], MessageKey> = {
  image_without_alt: 'signatures.warning.image_without_alt',
  image_without_width: 'signatures.warning.image_without_width',
  image_too_wide: 'signatures.warning.image_too_wide',
  image_in_html: 'signatures.warning.image_in_html',
  image_not_https: 'signatures.warning.image_not_https',
  image_without_ground: 'signatures.warning.image_without_ground',
  not_in_outlook: 'signatures.warning.not_in_outlook',
  too_large: 'signatures.warning.too_large',
};
