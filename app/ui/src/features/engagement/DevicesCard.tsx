import type { ReactNode } from 'react';

import type { MyStats } from '../../api/types';
import { ShareBar } from '../../charts/ShareBar';
import { useI18n } from '../../i18n/I18n';
import { AboutNumber } from '../../ui/AboutNumber';
import { Card } from '../../ui/Card';
import { Skeleton } from '../../ui/Skeleton';
import styles from './Cards.module.css';

/** What the signature was opened on, as shares of the opens that tell. */
export function DevicesCard({ stats }: { stats: MyStats | undefined }): ReactNode {
  const { t } = useI18n();
  const shares = (['desktop', 'mobile', 'tablet'] as const).map((device) => ({
    key: device,
    name: t(`open.device.${device}`),
    percent: stats?.byDevice[device] ?? 0,
  }));
  const isKnown = shares.some((share) => share.percent > 0);
  return (
    <Card
      title={
        <>
          {t('engagement.devices')}
          <AboutNumber name={t('engagement.devices')} counts={t('engagement.devices.counts')} asOf={stats?.asOf} query="user_opens_by_device" />
        </>
      }
    >
      {stats === undefined && <Skeleton blockSize="96px" />}
      {stats !== undefined && !isKnown && <p className={styles.muted}>{t('engagement.devices.none')}</p>}
      {isKnown && (
        <>
          <ShareBar shares={shares} />
          <p className={styles.note}>{t('engagement.devices.note')}</p>
        </>
      )}
    </Card>
  );
}
