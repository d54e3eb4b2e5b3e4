/** The axes of a chart of days: what `XAxis` and `YAxis` are given, the same in every chart. */
import type { XAxisProps, YAxisProps } from 'recharts';

import type { Format } from '../i18n/format';
import { chart } from './theme';

export const margin = (isRtl: boolean) => ({ top: 8, right: isRtl ? 0 : 4, bottom: 0, left: isRtl ? 4 : 0 });

/** Days from left to right, or from right to left where one reads so. */
export function dayAxis(format: Format, isRtl: boolean): XAxisProps {
  return {
    dataKey: 'date',
    reversed: isRtl,
    tickFormatter: (date: string) => format.day(date, 'short'),
    tick: chart.tick,
    tickLine: false,
    axisLine: { stroke: chart.grid },
    tickMargin: 8,
    minTickGap: 28,
    interval: 'preserveStartEnd',
  };
}

/** Opens from zero; a few opens do not fill the whole height. */
export function opensAxis(format: Format, isRtl: boolean, most: number): YAxisProps {
  return {
    orientation: isRtl ? 'right' : 'left',
    domain: [0, most < 4 ? 4 : 'auto'],
    allowDecimals: false,
    tickFormatter: (opens: number) => format.number(opens),
    // In right-to-left text SVG's “end” is the left one: figures beside the plot, not in it.
    tick: isRtl ? { ...chart.tick, textAnchor: 'end' } : chart.tick,
    tickLine: false,
    axisLine: false,
  };
}
