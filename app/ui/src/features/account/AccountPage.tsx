import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { meQuery } from '../../api/queries';
import { useI18n } from '../../i18n/I18n';
import { usePageTitle } from '../../shell/usePageTitle';
import { useProfileActions } from '../../shell/useProfileActions';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { ErrorState } from '../../ui/ErrorState';
import { PageHeader } from '../../ui/PageHeader';
import { Skeleton } from '../../ui/Skeleton';
import styles from './Account.module.css';
import { DeviceCard } from './DeviceCard';
import { PasswordCard } from './PasswordCard';
import { ProfileForm } from './ProfileForm';
import { SessionsCard } from './SessionsCard';

/** What others see in my signature, my time and language, my password, and how this device looks. */
export default function AccountPage(): ReactNode {
  const { t } = useI18n();
  const me = useQuery(meQuery);
  const { signOut } = useProfileActions();
  usePageTitle(t('account.title'));
  return (
    <>
      <PageHeader title={t('account.title')}>
        {/* Phones have no side bar with a menu for this. */}
        <Button size="small" onClick={signOut}>
          {t('nav.signout')}
        </Button>
      </PageHeader>
      <div className={styles.page}>
        {me.data !== undefined ? (
          <>
            <ProfileForm key={me.data.user.id} me={me.data} />
            <DeviceCard />
            <PasswordCard hasPassword={me.data.user.hasPassword} email={me.data.user.email} />
            <SessionsCard />
          </>
        ) : me.isError ? (
          <ErrorState error={me.error} onRetry={() => void me.refetch()} />
        ) : (
          <Card>
            <Skeleton blockSize="520px" />
          </Card>
        )}
      </div>
    </>
  );
}
