import { useMemo } from 'react'
import { type Series, stepPoints, withGaps } from '../chart/series.ts'
import { TimeChart } from '../chart/time-chart.tsx'
import { useNow } from '../clock.ts'
import { power } from '../format/power.ts'
import { dayOf } from '../format/time.ts'
import { dayInOneLine, type ShownDay, turnDownBands } from './day-in-words.ts'

/** Import is measured each minute; from this gap on the line is broken, ms. */
const gapMs = 5 * 60_000

function seriesOf(day: ShownDay): Series[] {
  const quality = new Map(day.load.map((point) => [Date.parse(point.at), point.quality]))
  const limit: Series = {
    label: 'Import limit',
    colour: 'text',
    stepped: true,
    width: 1.6,
    points: stepPoints(day.limits.map(({ from, to, limitW }) => ({ from, to, valueW: limitW }))),
  }
  const load: Series = {
    label: 'Import',
    colour: 'accent',
    width: 1.8,
    points: withGaps(
      day.load.map(({ at, importW }) => ({ x: Date.parse(at), y: importW / 1_000 })),
      gapMs,
    ),
    headroomTo: limit,
    doubtful: ({ x }) => (quality.get(x) ?? 'good') !== 'good',
  }
  const { exportLimitW = null } = day
  if (exportLimitW === null) return [load, limit]
  const exportLimit: Series = {
    label: 'Export limit',
    colour: 'text',
    stepped: true,
    width: 1.6,
    points: stepPoints(day.limits.map(({ from, to }) => ({ from, to, valueW: -exportLimitW }))),
  }
  return [load, limit, exportLimit]
}

/** Limit as steps, load as a line, the headroom between them shaded, turn-downs as bands, breaches along the axis, now as a hairline. */
export function DayChart({ day }: { day: ShownDay }) {
  const now = useNow()
  // The chart moves by the minute; drawing it anew each second would only cost.
  const minute = Math.floor(now / 60_000) * 60_000
  const series = useMemo(() => seriesOf(day), [day])
  const bands = useMemo(
    () => turnDownBands(day).map(({ from, to, turnDownW }) => ({ from, to, label: power(turnDownW) })),
    [day],
  )
  const faults = useMemo(
    () =>
      day.breaches.map(({ start, end }) => ({
        from: Date.parse(start),
        to: end === null ? minute : Date.parse(end),
      })),
    [day, minute],
  )
  return (
    <TimeChart
      tradingDay={day.tradingDay}
      summary={dayInOneLine(day, now)}
      series={series}
      bands={bands}
      faults={faults}
      now={dayOf(minute) === day.tradingDay ? minute : null}
      height={320}
    />
  )
}
