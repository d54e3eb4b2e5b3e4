import type { ReactNode } from 'react';

import { useI18n } from '../i18n/I18n';
import { useLive } from '../live/useAnalyticsStream';
import { Button } from './Button';
import styles from './LiveIndicator.module.css';
import { Tooltip } from './Tooltip';

/** Whether the numbers on this page follow the stream; when they do not, since when, and a way back. */
export function LiveIndicator({ asOf }: { asOf: string | undefined }): ReactNode {
  const { t, format } = useI18n();
  const { state, reconnect } = useLive();
  const isStale = state === 'stale';
  const text = isStale
    ? asOf === undefined
      ? t('live.staleUnknown')
      : t('live.stale', { time: format.time(asOf) })
    : t(`live.${state}`);
  return (
    <div className={styles.indicator} data-state={state}>
      <Tooltip text={isStale ? t('error.unreachable') : t('live.hint')}>
        {/* A button, so that the words behind it can be reached by keyboard. */}
        <button type="button" className={styles.state} onClick={reconnect} aria-describedby={undefined}>
          <span className={styles.dot} aria-hidden />
          <span role="status">{text}</span>
        </button>
      </Tooltip>
      {isStale && (
        <Button size="small" onClick={reconnect}>
          {t('live.reconnect')}
        </Button>
      )}
    </div>
  );
}
