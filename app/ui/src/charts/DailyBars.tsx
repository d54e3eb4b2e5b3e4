import { useId, type ReactNode } from 'react';
import { Bar, BarChart, CartesianGrid, Rectangle, ResponsiveContainer, Tooltip, XAxis, YAxis, type BarShapeProps } from 'recharts';

import { useI18n } from '../i18n/I18n';
import { usePreferences } from '../preferences/preferences';
import { dayAxis, margin, opensAxis } from './axes';
import type { DailyRow } from './dailyRows';
import styles from './DailyBars.module.css';
import { Hatch } from './Hatch';
import { chart } from './theme';

/** Opens per day: unique readers below, repeats on top, from zero; today hatched, because it goes on. */
export default function DailyBars({ rows }: { rows: readonly DailyRow[] }): ReactNode {
  const { t, format, direction } = useI18n();
  const { theme } = usePreferences();
  const patterns = useId().replaceAll(':', '');
  const isRtl = direction === 'rtl';
  const solid = { unique: chart.colours[0], repeats: chart.colours[1] };
  const hatched = { unique: `url(#${patterns}-unique)`, repeats: `url(#${patterns}-repeats)` };
  const most = Math.max(...rows.map((row) => row.opens));
  return (
    <ResponsiveContainer width="100%" height="100%" key={theme}>
      <BarChart
        data={[...rows]}
        margin={margin(isRtl)}
        barCategoryGap={rows.length > 45 ? '14%' : '22%'}
        title={t('engagement.daily.summary')}
      >
        <defs>
          <Hatch id={`${patterns}-unique`} colour={solid.unique} />
          <Hatch id={`${patterns}-repeats`} colour={solid.repeats} />
        </defs>
        <CartesianGrid vertical={false} stroke={chart.grid} />
        <XAxis {...dayAxis(format, isRtl)} />
        <YAxis {...opensAxis(format, isRtl, most)} width={36} />
        <Tooltip
          cursor={chart.cursor}
          isAnimationActive={false}
          content={({ active, payload }) => {
            const row = payload[0]?.payload as DailyRow | undefined;
            return active && row !== undefined ? <DayCard row={row} /> : null;
          }}
        />
        {(['unique', 'repeats'] as const).map((part) => (
          <Bar
            key={part}
            dataKey={part}
            stackId="opens"
            isAnimationActive={false}
            maxBarSize={44}
            shape={(shape: BarShapeProps) => {
              const row = shape.payload as DailyRow;
              const isTop = part === 'repeats' || row.repeats === 0;
              return <Rectangle {...shape} radius={isTop ? [3, 3, 0, 0] : 0} fill={(row.isSoFar ? hatched : solid)[part]} />;
            }}
          />
        ))}
      </BarChart>
    </ResponsiveContainer>
  );
}

/** Exact figures of the day under the cursor, and the comparison. */
function DayCard({ row }: { row: DailyRow }): ReactNode {
  const { t, format } = useI18n();
  const lines: [string, number | null, string?][] = [
    [t('engagement.opens'), row.opens],
    [t('engagement.uniqueColumn'), row.unique, 'unique'],
    [t('engagement.repeats'), row.repeats, 'repeats'],
    [t('engagement.sameDayLastWeek'), row.weekEarlier],
  ];
  return (
    <div className={styles.card}>
      <p className={styles.day}>
        {format.day(row.date, 'long')}
        {row.isSoFar && <span className={styles.soFar}>{t('engagement.daily.soFar')}</span>}
      </p>
      <dl>
        {lines.map(
          ([name, value, key]) =>
            value !== null && (
              <div key={name} className={styles.line}>
                <dt>
                  {key !== undefined && <span className={styles.key} data-part={key} aria-hidden />}
                  {name}
                </dt>
                <dd className="num">{format.number(value)}</dd>
              </div>
            ),
        )}
      </dl>
    </div>
  );
}
