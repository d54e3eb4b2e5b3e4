import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { isProblem } from '../../api/problem';
import { meQuery, trackingSettingsQuery } from '../../api/queries';
import { useI18n } from '../../i18n/I18n';
import { usePageTitle } from '../../shell/usePageTitle';
import { Card } from '../../ui/Card';
import { ErrorState } from '../../ui/ErrorState';
import { NoPermission } from '../../ui/NoPermission';
import { PageHeader } from '../../ui/PageHeader';
import { Skeleton } from '../../ui/Skeleton';
import { AboutTracking } from '../engagement/AboutTracking';
import styles from './Settings.module.css';
import { SettingsForm } from './SettingsForm';

/** What the organisation decides about tracking, with what each switch does. */
export default function TrackingSettingsPage(): ReactNode {
  const { t } = useI18n();
  const settings = useQuery(trackingSettingsQuery);
  const me = useQuery(meQuery).data;
  usePageTitle(t('settings.title'));
  return (
    <>
      <PageHeader title={t('settings.title')} />
      {isProblem(settings.error, 403) ? (
        <NoPermission text={t('settings.forbidden', { organisation: me?.organisation.name ?? '' })} />
      ) : settings.isError && settings.data === undefined ? (
        <ErrorState error={settings.error} onRetry={() => void settings.refetch()} />
      ) : (
        <div className={styles.page}>
          {settings.data === undefined || me === undefined ? (
            <Card>
              <Skeleton blockSize="420px" />
            </Card>
          ) : (
            <SettingsForm saved={settings.data} organisation={me.organisation.id} />
          )}
          <Card title={t('settings.privacy')}>
            <div className={styles.notice}>
              <p>{t('settings.privacy.pixel')}</p>
              <p>{t('settings.privacy.kept')}</p>
              <p>{t('settings.privacy.never')}</p>
            </div>
          </Card>
        </div>
      )}
      {settings.data !== undefined && <AboutTracking retentionDays={settings.data.retentionDays} />}
    </>
  );
}
