import { Info } from 'lucide-react';
import { lazy, Suspense, useState, type ReactNode } from 'react';

import { useI18n } from '../i18n/I18n';
import { IconButton } from './Button';
import { Tooltip } from './Tooltip';

const AboutNumberDialog = lazy(() => import('./AboutNumberDialog'));

export interface NumberFacts {
  /** The number's name as the page says it. */
  name: string;
  /** One or two sentences: what is counted, and what is not. */
  counts: string;
  /** When the answer was made (UTC); absent while it is on its way. */
  asOf: string | undefined;
  /** Name of the query behind it, as `GET /api/tracking/explain` lists it; absent where it is not counted from the log. */
  query?: string;
}

/** The small sign beside a number: hover or focus says what it counts, pressing it shows freshness and the SQL, if there is one. */
export function AboutNumber(facts: NumberFacts): ReactNode {
  const { t, format } = useI18n();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Tooltip
        text={
          <>
            {facts.counts}
            {facts.asOf !== undefined && ` ${t('stat.asOf', { time: format.time(facts.asOf) })}.`}
          </>
        }
      >
        <IconButton label={t('stat.about', { name: facts.name })} onClick={() => setOpen(true)}>
          <Info size={14} aria-hidden />
        </IconButton>
      </Tooltip>
      {isOpen && (
        <Suspense fallback={null}>
          <AboutNumberDialog {...facts} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
