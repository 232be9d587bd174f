import { useMemo } from 'react'
import { type ChartAxis, LineChart, type LineChartProps } from './line-chart.tsx'

interface YearChartProps extends Omit<LineChartProps, 'axis' | 'bands' | 'clockChanges' | 'now' | 'height'> {
  fromYear: number
  toYear: number
  height?: number
}

/** Years; a single one gets half a year at either side. */
function yearAxis(fromYear: number, toYear: number): ChartAxis {
  const margin = fromYear === toYear ? 0.5 : 0
  return {
    from: fromYear - margin,
    to: toYear + margin,
    ticksFor(width) {
      const most = Math.max(2, Math.floor(width / 56))
      const step = [1, 2, 5, 10, 20].find((each) => (toYear - fromYear) / each < most) ?? 20
      return Array.from({ length: toYear - fromYear + 1 }, (_, n) => fromYear + n).filter((year) => year % step === 0)
    },
    tickText: String,
    placeText: (x) => String(Math.floor(x)),
  }
}

/** The chart of a span of years: lines with a point for each, and along the axis the years that somebody has to act on. */
export function YearChart({ fromYear, toYear, height = 260, ...rest }: YearChartProps) {
  const axis = useMemo(() => yearAxis(fromYear, toYear), [fromYear, toYear])
  return <LineChart {...rest} axis={axis} now={null} height={height} />
}
