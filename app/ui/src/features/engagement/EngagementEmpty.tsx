import { ExternalLink } from 'lucide-react';
import type { ReactNode } from 'react';

import { useI18n } from '../../i18n/I18n';
import { ButtonLink } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';
import { Notice } from '../../ui/Notice';

/** Before the first open: what will be here, and the step that makes it happen. */
export function EngagementEmpty({ isTrackingOn, organisation }: { isTrackingOn: boolean; organisation: string }): ReactNode {
  const { t } = useI18n();
  if (!isTrackingOn) {
    return (
      <Notice title={t('welcome.off.title')}>
        <p>{t('welcome.off.text', { organisation })}</p>
      </Notice>
    );
  }
  return (
    <EmptyState
      title={t('engagement.empty.title')}
      action={
        <ButtonLink look="primary" href="/signature-preview" target="_blank" rel="noopener" icon={<ExternalLink aria-hidden />}>
          {t('engagement.empty.action')}
        </ButtonLink>
      }
    >
      <p>{t('engagement.empty.text')}</p>
      <p>{t('engagement.empty.after')}</p>
    </EmptyState>
  );
}
