import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { useI18n } from '../i18n/I18n';
import { Notice } from '../ui/Notice';
import { usePageTitle } from './usePageTitle';

export function NotFoundPage(): ReactNode {
  const { t } = useI18n();
  usePageTitle(t('notFound.title'));
  return (
    <main>
      <Notice level={1} title={t('notFound.title')} action={<Link to="/">{t('notFound.home')}</Link>}>
        <p>{t('notFound.text')}</p>
      </Notice>
    </main>
  );
}
