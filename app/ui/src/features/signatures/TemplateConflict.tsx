import type { ReactNode } from 'react';

import { useI18n } from '../../i18n/I18n';
import { Button } from '../../ui/Button';
import type { Template } from './queries';
import styles from './Signatures.module.css';

/** Somebody saved in between: theirs to look at, and the two ways on. Nothing of either is lost. */
export function TemplateConflict({ theirs, onKeepMine, onTakeTheirs }: { theirs: Template; onKeepMine: () => void; onTakeTheirs: () => void }): ReactNode {
  const { t } = useI18n();
  return (
    <div className={styles.warning} role="alert">
      <p>{t('signatures.conflict', { who: theirs.updatedBy ?? t('settings.somebody') })}</p>
      <details>
        <summary>{t('signatures.conflict.theirs')}</summary>
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls */}
        <pre dir="ltr" tabIndex={0}>
          {theirs.html}
        </pre>
      </details>
      <div className={styles.foot}>
        <Button size="small" onClick={onKeepMine}>
          {t('signatures.conflict.keep')}
        </Button>
        <Button size="small" look="quiet" onClick={onTakeTheirs}>
          {t('signatures.conflict.take')}
        </Button>
      </div>
    </div>
  );
}
