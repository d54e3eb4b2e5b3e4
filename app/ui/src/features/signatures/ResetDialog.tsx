import { useState, type ReactNode } from 'react';

import { useI18n } from '../../i18n/I18n';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import styles from './Signatures.module.css';

/** Back to the built-in template, asked before it is done. */
export function ResetDialog({ isPending, onReset }: { isPending: boolean; onReset: () => void }): ReactNode {
  const { t } = useI18n();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button look="quiet" onClick={() => setOpen(true)}>
        {t('signatures.reset')}
      </Button>
      <Dialog title={t('signatures.reset.title')} isOpen={isOpen} onOpenChange={setOpen}>
        <div className={styles.dialog}>
          <p>{t('signatures.reset.text')}</p>
          <div className={styles.foot}>
            <Button onClick={() => setOpen(false)}>{t('signatures.cancel')}</Button>
            <Button
              look="primary"
              disabled={isPending}
              onClick={() => {
                onReset();
                setOpen(false);
              }}
            >
              {t('signatures.reset.do')}
            </Button>
          </div>
        </div>
      </Dialog>
    </>
  );
}
