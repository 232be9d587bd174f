import type { UseQueryResult } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { z } from 'zod'
import type { profileDay } from '../../../../schemas/profiles.ts'
import type { Series } from '../../../shared/chart/series.ts'
import { TimeChart } from '../../../shared/chart/time-chart.tsx'
import { useToday } from '../../../shared/clock.ts'
import { DayPicker } from '../../../shared/components/day-picker.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { count, kw } from '../../../shared/format/power.ts'

type ProfileDay = z.infer<typeof profileDay>

interface PreviewProps {
  query: UseQueryResult<ProfileDay, Error>
  day: string
  onDay: (day: string) => void
}

/** What the limits do on a chosen day, also on one with 46 or 50 half-hours. */
export function Preview({ query, day, onDay }: PreviewProps) {
  const today = useToday()
  return (
    <div>
      <DayPicker day={day} today={today} onChange={onDay} />
      <Loaded query={query}>{(data) => <PreviewChart preview={data} />}</Loaded>
    </div>
  )
}

function PreviewChart({ preview }: { preview: ProfileDay }) {
  const series = useMemo((): Series[] => {
    const points = preview.periods.map((p) => ({ x: Date.parse(p.from), y: p.limitW / 1_000 }))
    const last = points.at(-1)
    return [
      {
        label: 'Import limit',
        colour: 'text',
        stepped: true,
        width: 1.6,
        points: last ? [...points, { x: last.x + 30 * 60_000, y: last.y }] : points,
      },
    ]
  }, [preview])
  const limits = preview.periods.map((p) => p.limitW)
  const summary = `${count(limits.length, 'half-hour')}, between ${kw(Math.min(...limits))} and ${kw(Math.max(...limits))}.`
  return (
    <TimeChart
      tradingDay={preview.tradingDay}
      summary={preview.remark ? `${summary} ${preview.remark}` : summary}
      series={series}
      now={null}
      height={200}
    />
  )
}
