import { queryOptions, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { read } from '../../api/client';
import { useI18n } from '../../i18n/I18n';
import { ButtonLink } from '../../ui/Button';
import styles from './Signin.module.css';

const methodsQuery = queryOptions({
  queryKey: ['/api/auth/methods'] as const,
  queryFn: ({ signal }) => read('/api/auth/methods', {}, signal),
  retry: false,
});

/** The way in through the organisation's own provider, where there is one; says when it is away. */
export function ProviderSignin({ next }: { next: string | undefined }): ReactNode {
  const { t } = useI18n();
  const oidc = useQuery(methodsQuery).data?.oidc ?? null;
  if (oidc === null) return null;
  const { name } = oidc;
  if (!oidc.isAvailable) {
    return (
      <p role="status" className={styles.notice}>
        {t('signin.providerAway', { name })}
      </p>
    );
  }
  const href = next === undefined ? oidc.startUrl : `${oidc.startUrl}?next=${encodeURIComponent(next)}`;
  return (
    <div className={styles.provider}>
      <ButtonLink href={href}>{t('signin.with', { name })}</ButtonLink>
      <p className={styles.or}>{t('signin.or')}</p>
    </div>
  );
}
