import type { ReactNode } from 'react';

import { useI18n } from '../../i18n/I18n';
import { AboutNumber } from '../../ui/AboutNumber';
import { Card } from '../../ui/Card';
import { Skeleton } from '../../ui/Skeleton';
import { tooFewText } from './comparisonTexts';
import styles from './Campaigns.module.css';
import type { CampaignStats, Comparison } from './queries';

/** Both comparisons with their bands: the campaign's own pixel, and everyday opens meanwhile. */
export function ComparisonCard({ stats }: { stats: CampaignStats | undefined }): ReactNode {
  const { t, format } = useI18n();
  const baseline = stats?.baseline ?? null;
  return (
    <Card
      title={
        <>
          {t('campaigns.compare')}
          <AboutNumber name={t('campaigns.compare')} counts={t('campaigns.compare.counts')} asOf={stats?.asOf} query="campaign_baseline_by_user" />
        </>
      }
    >
      {stats === undefined ? (
        <Skeleton blockSize="160px" />
      ) : (
        <>
          <div className={styles.compared}>
            <Compared name={t('campaigns.compare.campaign')} text={t('campaigns.compare.campaign.text')} comparison={stats.campaignAgainstBefore} />
            <Compared name={t('campaigns.compare.everyday')} text={t('campaigns.compare.everyday.text')} comparison={stats.everydayAgainstBefore} />
          </div>
          {baseline !== null && (
            <p className={styles.note}>
              {t('campaigns.compare.baseline', {
                from: format.moment(baseline.firstAt),
                to: format.moment(baseline.untilAt),
                weeks: t('campaigns.weeks', { count: baseline.weeksBefore }),
                count: baseline.people,
              })}
            </p>
          )}
        </>
      )}
    </Card>
  );
}

function Compared({ name, text, comparison }: { name: string; text: string; comparison: Comparison }): ReactNode {
  const i18n = useI18n();
  const { t, format } = i18n;
  const { ratio, verdict, rate, rateBefore } = comparison;
  const two = (value: number): string => new Intl.NumberFormat(format.locale, { maximumFractionDigits: 2 }).format(value);
  return (
    <section aria-label={name}>
      <h3 className={styles.label}>{name}</h3>
      {ratio === null || verdict === null ? (
        <p>
          <strong>{t('campaigns.few')}</strong> {tooFewText(comparison, i18n)}
        </p>
      ) : (
        <>
          <p>
            <strong>{t(`campaigns.verdict.${verdict}`)}</strong>{' '}
            {t('campaigns.band', { value: two(ratio.value), low: two(ratio.low), high: two(ratio.high) })}
          </p>
          <Band {...ratio} />
        </>
      )}
      {rate !== null && rateBefore !== null && <p className={styles.note}>{t('campaigns.rates', { rate: two(rate), before: two(rateBefore) })}</p>}
      <p className={styles.note}>{text}</p>
    </section>
  );
}

/** The band on a scale on which twice as many is as far from one as half. The same is said in words above. */
function Band({ value, low, high }: { value: number; low: number; high: number }): ReactNode {
  const { format } = useI18n();
  const reach = Math.max(1, Math.ceil(Math.max(Math.abs(Math.log2(low)), Math.abs(Math.log2(high)))));
  const at = (ratio: number): string => `${Math.min(100, Math.max(0, 50 + (50 * Math.log2(ratio)) / reach))}%`;
  const width = (50 * (Math.log2(high) - Math.log2(low))) / reach;
  const tick = new Intl.NumberFormat(format.locale, { maximumFractionDigits: 2 });
  return (
    <div aria-hidden>
      <div className={styles.scale}>
        <span className={styles.range} style={{ insetInlineStart: at(low), inlineSize: `${width}%` }} />
        <span className={styles.one} style={{ insetInlineStart: '50%' }} />
        <span className={styles.mark} style={{ insetInlineStart: at(value) }} />
      </div>
      <div className={styles.ticks}>
        <span>×{tick.format(2 ** -reach)}</span>
        <span>×{tick.format(1)}</span>
        <span>×{tick.format(2 ** reach)}</span>
      </div>
    </div>
  );
}
