import { useEffect } from 'react';

import { useI18n } from '../i18n/I18n';

/** Names the browser's tab after the page. */
export function usePageTitle(title: string): void {
  const { t } = useI18n();
  const name = t('app.name');
  useEffect(() => {
    document.title = `${title} · ${name}`;
  }, [title, name]);
}
