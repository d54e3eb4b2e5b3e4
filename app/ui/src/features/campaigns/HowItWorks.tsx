import type { ReactNode } from 'react';

import { useI18n } from '../../i18n/I18n';
import { Card } from '../../ui/Card';
import styles from './Campaigns.module.css';
import type { Campaign } from './queries';

/** How the pixel gets into signatures, and what happens to it afterwards. */
export function HowItWorks({ campaign }: { campaign: Campaign }): ReactNode {
  const { t } = useI18n();
  return (
    <Card title={t('campaigns.how')}>
      <ol className={styles.steps}>
        <li>{campaign.people === 0 ? t('campaigns.how.start.nobody') : t('campaigns.how.start', { count: campaign.people })}</li>
        <li>{t('campaigns.how.server')}</li>
        <li>{t('campaigns.how.pasted')}</li>
        <li>{t('campaigns.how.pause')}</li>
        <li>{t('campaigns.how.join')}</li>
        <li>{t('campaigns.how.baseline')}</li>
      </ol>
    </Card>
  );
}
