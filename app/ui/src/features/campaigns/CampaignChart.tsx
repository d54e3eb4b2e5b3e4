import { useId, type ReactNode } from 'react';
import {
  Area,
  Bar,
  CartesianGrid,
  ComposedChart,
  Line,
  Rectangle,
  ReferenceArea,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
  type BarShapeProps,
} from 'recharts';

import { dayAxis, margin, opensAxis } from '../../charts/axes';
import { Hatch } from '../../charts/Hatch';
import { chart } from '../../charts/theme';
import { useI18n } from '../../i18n/I18n';
import { usePreferences } from '../../preferences/preferences';
import styles from './Campaigns.module.css';
import type { CampaignDay } from './TimelineCard';

interface Props {
  days: readonly CampaignDay[];
  isRunning: boolean;
  isEnded: boolean;
}

/** Opens of the campaign as bars before the ground of the same people's everyday opens some weeks earlier; from zero. */
export default function CampaignChart({ days, isRunning, isEnded }: Props): ReactNode {
  const { t, format, direction } = useI18n();
  const { theme } = usePreferences();
  const pattern = useId().replaceAll(':', '');
  const isRtl = direction === 'rtl';
  const last = days.at(-1)?.date;
  const start = days[0]?.date ?? null; // the days are those from the first run to the last one
  const end = isEnded ? (last ?? null) : null; // a pause is no end
  const most = Math.max(...days.map((day) => Math.max(day.opens, day.before, day.everyday)));
  // Beside its line, on the side of the campaign. Positions are those of the picture, whatever the direction of the text.
  const label = (value: string, isOfEnd = false) => ({
    value,
    position: isOfEnd === isRtl ? ('insideTopLeft' as const) : ('insideTopRight' as const),
    direction: 'ltr' as const,
    fill: 'var(--text-muted)',
    fontSize: 12,
  });
  return (
    <ResponsiveContainer width="100%" height="100%" key={theme}>
      <ComposedChart data={[...days]} margin={margin(isRtl)} title={t('campaigns.timeline.summary')}>
        <defs>
          <Hatch id={`${pattern}-opens`} colour={chart.colours[0]} />
        </defs>
        <CartesianGrid vertical={false} stroke={chart.grid} />
        {days
          .filter((day) => day.active === 0)
          .map((day) => (
            <ReferenceArea key={day.date} x1={day.date} x2={day.date} fill="var(--surface-sunken)" fillOpacity={1} />
          ))}
        <XAxis {...dayAxis(format, isRtl)} />
        <YAxis {...opensAxis(format, isRtl, most)} width={44} />
        <Tooltip
          cursor={chart.cursor}
          isAnimationActive={false}
          content={({ active, payload }) => {
            const day = payload[0]?.payload as CampaignDay | undefined;
            return active && day !== undefined ? <DayCard day={day} /> : null;
          }}
        />
        <Area dataKey="before" type="step" stroke={chart.colours[5]} strokeOpacity={0.5} fill={chart.colours[5]} fillOpacity={0.16} isAnimationActive={false} />
        <Bar
          dataKey="opens"
          isAnimationActive={false}
          maxBarSize={36}
          shape={(shape: BarShapeProps) => {
            const isSoFar = isRunning && (shape.payload as CampaignDay).date === last;
            return <Rectangle {...shape} radius={[3, 3, 0, 0]} fill={isSoFar ? `url(#${pattern}-opens)` : chart.colours[0]} />;
          }}
        />
        <Line dataKey="everyday" stroke={chart.colours[2]} strokeWidth={2} dot={days.length < 3} isAnimationActive={false} />
        {start !== null && (
          <ReferenceLine
            x={start}
            stroke="var(--text-faint)"
            strokeDasharray="3 3"
            label={label(end === start ? `${t('campaigns.mark.start')}, ${t('campaigns.mark.end')}` : t('campaigns.mark.start'))}
          />
        )}
        {end !== null && end !== start && (
          <ReferenceLine x={end} stroke="var(--text-faint)" strokeDasharray="3 3" label={label(t('campaigns.mark.end'), true)} />
        )}
      </ComposedChart>
    </ResponsiveContainer>
  );
}

/** Exact figures of the day under the cursor, and the comparison. */
function DayCard({ day }: { day: CampaignDay }): ReactNode {
  const { t, format } = useI18n();
  const lines = [
    [t('campaigns.series.opens'), day.opens],
    [t('engagement.uniqueColumn'), day.unique],
    [t('campaigns.series.everyday'), day.everyday],
    [t('campaigns.series.before'), day.before],
  ] as const;
  return (
    <div className={styles.hover}>
      <p>
        {format.day(day.date, 'long')}
        {day.active < 1 && <span className={styles.count}> {t('campaigns.activeShare', { share: format.percent(Math.round(day.active * 100)) })}</span>}
      </p>
      <dl>
        {lines.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="num">{format.number(value)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
