import { useQuery } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { meQuery } from '../api/queries';
import { I18nProvider } from '../i18n/I18n';
import { ToastProvider } from '../ui/Toast';
import { TooltipProvider } from '../ui/Tooltip';

/** What every page stands in: language and zone of the person, tooltips, toasts. */
export function Root(): ReactNode {
  const me = useQuery({ ...meQuery, enabled: false }).data; // read here, fetched by the routes that need it
  return (
    <I18nProvider profileLanguage={me?.user.locale} timeZone={me?.user.timeZone}>
      <TooltipProvider>
        <ToastProvider>
          <Outlet />
        </ToastProvider>
      </TooltipProvider>
    </I18nProvider>
  );
}
