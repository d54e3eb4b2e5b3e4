import type { ReactNode } from 'react';

import type { MyStats } from '../../api/types';
import { useI18n } from '../../i18n/I18n';
import { Skeleton } from '../../ui/Skeleton';
import styles from './Answer.module.css';
import { compareCounts } from './compareCounts';

/** The answer people came for, in one sentence, with how certain it is. */
export function Answer({ stats }: { stats: MyStats | undefined }): ReactNode {
  const { t } = useI18n();
  return (
    <div className={styles.answer}>
      {stats === undefined ? (
        <>
          <p className={styles.sentence}>
            <Skeleton inlineSize="20em" blockSize="0.9em" />
          </p>
          <p className={styles.certainty}>
            <Skeleton inlineSize="26em" />
          </p>
        </>
      ) : (
        <>
          <p className={styles.sentence} data-testid="answer">
            <Sentence stats={stats} />
          </p>
          <p className={styles.certainty}>
            <Certainty stats={stats} />
            <br />
            {t('engagement.asFar')}
          </p>
        </>
      )}
    </div>
  );
}

function Sentence({ stats }: { stats: MyStats }): ReactNode {
  const { t, rich, format } = useI18n();
  const opens = stats.thisWeek.opens;
  if (opens === 0) return t('engagement.answer.none');
  const times = <strong className="num">{t('engagement.times', { count: opens })}</strong>;
  const comparison = compareCounts(opens, stats.lastWeekToDate.opens);
  if (comparison.kind === 'few') return rich('engagement.answer.few', { opens: times });
  if (comparison.kind === 'same') return rich('engagement.answer.same', { opens: times });
  const percent = format.percent(comparison.percent);
  return rich('engagement.answer.change', {
    opens: times,
    change: <strong className="num">{t(`engagement.${comparison.kind}`, { percent })}</strong>,
  });
}

function Certainty({ stats }: { stats: MyStats }): ReactNode {
  const { t, format } = useI18n();
  const before = stats.lastWeekToDate.opens;
  const comparison = compareCounts(stats.thisWeek.opens, before);
  if (comparison.kind === 'few') return t('engagement.certain.few', { count: before });
  return t(comparison.isLikely ? 'engagement.certain.likely' : 'engagement.certain.chance', {
    low: format.signedPercent(comparison.low),
    high: format.signedPercent(comparison.high),
  });
}
