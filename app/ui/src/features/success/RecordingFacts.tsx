import type { ReactNode } from 'react';

import { useI18n } from '../../i18n/I18n';
import styles from './Success.module.css';
import type { SuccessMetrics } from './queries';

type Recording = NonNullable<SuccessMetrics['recording']>;
const REASONS = ['token_rotated', 'token_deactivated', 'token_inactive', 'tracking_off', 'campaign_not_active', 'unknown_token', 'malformed_token'] as const;

/** Where the accepted hits are: stored, deleted by retention, dropped for a reason, or on the way. */
export function RecordingFacts({ recording }: { recording: Recording }): ReactNode {
  const { t, format } = useI18n();
  const nameOf = (reason: string): string => {
    const known = REASONS.find((name) => name === reason);
    return known === undefined ? reason : t(`success.drop.${known}`);
  };
  const rows: [string, number][] = [
    [t('success.stored'), recording.stored],
    ...recording.dropped.map(({ reason, hits }): [string, number] => [nameOf(reason), hits]),
    [t('success.deleted'), recording.deleted],
    [t('success.onTheWay'), recording.onTheWay],
    [t('success.lost'), recording.lost],
    [t('success.malformed'), recording.malformed],
  ];
  return (
    <dl className={styles.rows}>
      {rows.map(([name, hits]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{format.number(hits)}</dd>
        </div>
      ))}
    </dl>
  );
}
