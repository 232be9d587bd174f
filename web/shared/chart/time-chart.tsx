import { type ComponentProps, useMemo } from 'react'
import { timeOfDay } from '../format/time.ts'
import { type Axis, LineChart } from './line-chart.tsx'
import { clockChanges, daySpan, hourTicks } from './series.ts'

/** The axis of a trading day: local time, with its clock changes. Places are epoch ms. */
function dayAxis(tradingDay: string): Axis {
  const { from, to } = daySpan(tradingDay)
  return {
    from,
    to,
    ticks: (width) => hourTicks(tradingDay, width < 520 ? 6 : width < 900 ? 3 : 2),
    tickLabel: (ms) => (ms === to ? '24:00' : timeOfDay(ms).slice(0, 5)),
    placeLabel: timeOfDay,
    clockChanges: clockChanges(tradingDay),
  }
}

type TimeChartProps = Omit<ComponentProps<typeof LineChart>, 'axis'> & { tradingDay: string }

/** The chart of one trading day. */
export function TimeChart({ tradingDay, ...chart }: TimeChartProps) {
  const axis = useMemo(() => dayAxis(tradingDay), [tradingDay])
  return <LineChart axis={axis} {...chart} />
}
