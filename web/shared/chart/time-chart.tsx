import { useMemo } from 'react'
import { timeOfDay } from '../format/time.ts'
import { type ChartAxis, LineChart, type LineChartProps } from './line-chart.tsx'
import { clockChanges, daySpan, hourTicks } from './series.ts'

interface TimeChartProps extends Omit<LineChartProps, 'axis' | 'clockChanges' | 'unit' | 'height'> {
  tradingDay: string
  unit?: string
  height?: number
}

/** The local time of a trading day. */
function dayAxis(tradingDay: string): ChartAxis {
  const { from, to } = daySpan(tradingDay)
  return {
    from,
    to,
    ticksFor: (width) => hourTicks(tradingDay, width < 520 ? 6 : width < 900 ? 3 : 2),
    tickText: (ms) => (ms === to ? '24:00' : timeOfDay(ms).slice(0, 5)),
    placeText: timeOfDay,
  }
}

/** The chart of one trading day: lines over local time, limits among them, bands for what is in force, and the present. */
export function TimeChart({ tradingDay, unit = 'kW', height = 300, ...rest }: TimeChartProps) {
  const axis = useMemo(() => dayAxis(tradingDay), [tradingDay])
  const changes = useMemo(() => clockChanges(tradingDay), [tradingDay])
  return <LineChart {...rest} axis={axis} clockChanges={changes} unit={unit} height={height} />
}
