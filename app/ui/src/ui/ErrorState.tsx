import type { ReactNode } from 'react';

import { isProblem } from '../api/problem';
import { useI18n } from '../i18n/I18n';
import type { MessageKey } from '../i18n/en';
import { Button } from './Button';
import { Notice } from './Notice';

function sentenceFor(error: unknown): MessageKey {
  if (!isProblem(error)) return 'error.crash';
  if (error.status === 0) return 'error.unreachable';
  if (error.status === 503) return 'error.unavailable';
  return 'error.server';
}

/** Something could not be loaded: what happened, what was kept, what to do. */
export function ErrorState({ error, onRetry, level }: { error: unknown; onRetry: () => void; level?: 1 | 2 }): ReactNode {
  const { t } = useI18n();
  return (
    <Notice
      role="alert"
      title={t('error.title')}
      {...(level === undefined ? {} : { level })}
      action={<Button onClick={onRetry}>{t('app.retry')}</Button>}
    >
      <p>{t(sentenceFor(error))}</p>
      {isProblem(error) && error.detail !== null && <p dir="auto">{error.detail}</p>}
    </Notice>
  );
}
