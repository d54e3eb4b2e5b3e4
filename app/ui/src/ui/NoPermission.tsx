import { Lock } from 'lucide-react';
import type { ReactNode } from 'react';

import { useI18n } from '../i18n/I18n';
import { Notice } from './Notice';

/** This person may not see this: who can change that. */
export function NoPermission({ text }: { text: string }): ReactNode {
  const { t } = useI18n();
  return (
    <Notice title={t('error.forbidden.title')} picture={<Lock size={28} aria-hidden style={{ marginBlockEnd: 12 }} />}>
      <p>{text}</p>
    </Notice>
  );
}
