import { Check, Minus } from 'lucide-react';
import type { ReactNode } from 'react';

import type { Open } from '../../api/types';
import { useI18n } from '../../i18n/I18n';
import { Tooltip } from '../../ui/Tooltip';
import { decisiveOf, useOpenClass } from './openClass';
import styles from './OpensList.module.css';

const DEVICES = ['desktop', 'mobile', 'tablet'] as const;

/** Single opens, newest first: when, what it was, and whether and why it counts. */
export function OpensList({ opens }: { opens: readonly Open[] }): ReactNode {
  return (
    <ul className={styles.list}>
      {opens.map((open) => (
        <OpenLine key={open.id} open={open} />
      ))}
    </ul>
  );
}

function OpenLine({ open }: { open: Open }): ReactNode {
  const { t, format } = useI18n();
  const { nameOf, whyOf } = useOpenClass();
  const device = DEVICES.find((known) => known === open.device);
  const reason = decisiveOf(open);
  const facts = [
    t(`open.device.${device ?? 'unknown'}`),
    open.country ? format.country(open.country) : null,
    t('open.sure', { percent: format.percent(Math.round(open.confidence * 100)) }),
  ].filter((fact) => fact !== null);
  return (
    <li className={styles.line}>
      <time className={styles.time} dateTime={open.at}>
        {format.moment(open.at)}
      </time>
      <div className={styles.what}>
        <p className={styles.name}>{nameOf(reason)}</p>
        <p className={styles.facts}>{open.isCounted ? facts.join(' · ') : whyOf(reason)}</p>
      </div>
      <Tooltip text={<>{whyOf(reason)} <span dir="ltr">{t('open.reasons', { reasons: open.reasons.join(', ') })}</span></>}>
        <button type="button" className={styles.verdict} data-counted={open.isCounted}>
          {open.isCounted ? <Check size={13} aria-hidden /> : <Minus size={13} aria-hidden />}
          {t(open.isCounted ? 'open.counted' : 'open.notCounted')}
        </button>
      </Tooltip>
    </li>
  );
}
