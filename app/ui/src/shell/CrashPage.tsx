import { useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { isProblem } from '../api/problem';
import { useI18n } from '../i18n/I18n';
import { Button } from '../ui/Button';
import { ErrorState } from '../ui/ErrorState';
import { NoPermission } from '../ui/NoPermission';
import { Notice } from '../ui/Notice';

/** What stands where a page failed: the API's refusal in words, or an apology for a fault of ours. */
export function CrashPage({ error, reset }: ErrorComponentProps): ReactNode {
  const { t } = useI18n();
  const router = useRouter();
  const retry = (): void => {
    reset();
    void router.invalidate();
  };
  if (isProblem(error, 403)) return <NoPermission text={error.detail ?? t('error.forbidden', { organisation: '' })} />;
  if (isProblem(error)) return <ErrorState error={error} onRetry={retry} level={1} />;
  return (
    <Notice
      level={1}
      role="alert"
      title={t('error.crash.title')}
      action={<Button onClick={() => window.location.reload()}>{t('error.reload')}</Button>}
    >
      <p>{t('error.crash')}</p>
    </Notice>
  );
}

/** The same where not even the frame of the pages could be shown. */
export function BareCrashPage(props: ErrorComponentProps): ReactNode {
  return (
    <main>
      <CrashPage {...props} />
    </main>
  );
}
