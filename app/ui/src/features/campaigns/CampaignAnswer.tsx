import type { ReactNode } from 'react';

import { useI18n } from '../../i18n/I18n';
import { Skeleton } from '../../ui/Skeleton';
import styles from '../engagement/Answer.module.css';
import { tooFewText } from './comparisonTexts';
import type { CampaignStats } from './queries';

/** How often the campaign was opened, against the same people's everyday mail, in one sentence; and how certain that is. */
export function CampaignAnswer({ stats }: { stats: CampaignStats | undefined }): ReactNode {
  return (
    <div className={styles.answer}>
      <p className={styles.sentence} data-testid="answer">
        {stats === undefined ? <Skeleton inlineSize="20em" blockSize="0.9em" /> : <Sentence stats={stats} />}
      </p>
      <p className={styles.certainty}>{stats === undefined ? <Skeleton inlineSize="26em" /> : <Certainty stats={stats} />}</p>
    </div>
  );
}

function Sentence({ stats }: { stats: CampaignStats }): ReactNode {
  const { t, rich, format } = useI18n();
  if (stats.opens === 0) return t('campaigns.answer.none');
  const opens = <strong className="num">{t('engagement.times', { count: stats.opens })}</strong>;
  const { ratio, verdict } = stats.campaignAgainstBefore;
  if (ratio === null || verdict === null) return rich('campaigns.answer.few', { opens });
  if (verdict === 'no_clear_difference') return rich('campaigns.answer.same', { opens });
  const percent = format.percent(Math.round(Math.abs(ratio.value - 1) * 100));
  return rich('campaigns.answer.change', {
    opens,
    change: <strong className="num">{t(`engagement.${verdict === 'higher' ? 'more' : 'less'}`, { percent })}</strong>,
  });
}

function Certainty({ stats }: { stats: CampaignStats }): ReactNode {
  const i18n = useI18n();
  const { t, format } = i18n;
  const { ratio } = stats.campaignAgainstBefore;
  return (
    <>
      {ratio === null
        ? tooFewText(stats.campaignAgainstBefore, i18n)
        : t('campaigns.certain', {
            low: format.signedPercent(Math.round((ratio.low - 1) * 100)),
            high: format.signedPercent(Math.round((ratio.high - 1) * 100)),
            count: stats.baseline?.people ?? 0,
          })}
      <br />
      {t('engagement.asFar')}
    </>
  );
}
