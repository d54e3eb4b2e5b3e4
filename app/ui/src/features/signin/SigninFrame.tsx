import type { ReactNode } from 'react';

import { useI18n } from '../../i18n/I18n';
import { setPreferences } from '../../preferences/preferences';
import { Button } from '../../ui/Button';
import { Mark } from '../../ui/Mark';
import styles from './Signin.module.css';

/** The calm page around everything before the sign-in. */
export function SigninFrame({ children }: { children: ReactNode }): ReactNode {
  const { t, language } = useI18n();
  const other = language === 'en' ? 'ar' : 'en';
  return (
    <main className={styles.page}>
      <div className={styles.top}>
        <Mark size={36} />
        <Button look="quiet" size="small" lang={other} onClick={() => setPreferences({ language: other })}>
          {t(`language.${other}`)}
        </Button>
      </div>
      {children}
    </main>
  );
}

/** How somebody without a password gets in. */
export function LinkCommand(): ReactNode {
  return (
    <code dir="ltr" className={styles.command}>
      heliograph users signin-link you@example.com
    </code>
  );
}
