import type { ReactNode } from 'react';

import { useI18n } from '../../i18n/I18n';
import { Card } from '../../ui/Card';
import { audienceText, whenText } from './campaignTexts';
import styles from './Campaigns.module.css';
import type { Campaign } from './queries';

/** What was decided about the campaign, for those who may look and not change. */
export function CampaignFacts({ campaign }: { campaign: Campaign }): ReactNode {
  const i18n = useI18n();
  const { t } = i18n;
  return (
    <Card title={t('campaigns.form.details')}>
      <dl className={styles.facts}>
        <div>
          <dt>{t('campaigns.when')}</dt>
          <dd>{whenText(campaign, i18n)}</dd>
        </div>
        <div>
          <dt>{t('campaigns.audience')}</dt>
          <dd>{audienceText(campaign.audienceKind, campaign.departments, i18n)}</dd>
        </div>
        {campaign.description !== '' && (
          <div>
            <dt>{t('campaigns.description')}</dt>
            <dd dir="auto">{campaign.description}</dd>
          </div>
        )}
      </dl>
    </Card>
  );
}
