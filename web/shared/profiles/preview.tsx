import { Button, SegmentedControl } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { z } from 'zod'
import type { profileDay } from '../../../schemas/grid/profiles.ts'
import type { Series } from '../chart/series.ts'
import { TimeChart } from '../chart/time-chart.tsx'
import { useToday } from '../clock.ts'
import { type Column, DataTable } from '../components/data-table.tsx'
import { DayPicker } from '../components/day-picker.tsx'
import { Loaded } from '../components/query.tsx'
import { count, kw, kwDigits } from '../format/power.ts'
import { clockChangeDays, shortDay } from '../format/time.ts'
import styles from './preview.module.css'

type ProfileDay = z.infer<typeof profileDay>

interface PreviewProps {
  query: UseQueryResult<ProfileDay, Error>
  day: string
  /** The days on which the limits hold. */
  span: { from: string; to: string }
  onDay: (day: string) => void
}

/** What the limits do on a chosen day, also on one with 46 or 50 half-hours: as a chart, and half-hour by half-hour. */
export function Preview({ query, day, span, onDay }: PreviewProps) {
  const today = useToday()
  const [view, setView] = useState<'chart' | 'table'>('chart')
  const changes = useMemo(() => clockChangeDays(span.from, span.to).slice(0, 4), [span.from, span.to])
  return (
    <section className={styles.preview} aria-label="Preview of a day">
      <div className={styles.head}>
        <DayPicker day={day} today={today} onChange={onDay} />
        <SegmentedControl
          size="xs"
          aria-label="View of the preview"
          value={view}
          onChange={(next) => setView(next === 'table' ? 'table' : 'chart')}
          data={[
            { value: 'chart', label: 'Chart' },
            { value: 'table', label: 'Table' },
          ]}
        />
      </div>
      {changes.length > 0 && (
        <div className={styles.changes}>
          <span className="rm-secondary">Clock changes:</span>
          {changes.map((change) => (
            <Button key={change} size="compact-xs" onClick={() => onDay(change)}>
              {shortDay(change)} {change.slice(0, 4)}
            </Button>
          ))}
        </div>
      )}
      <Loaded query={query}>
        {(data) => (view === 'table' ? <PreviewTable preview={data} /> : <PreviewChart preview={data} />)}
      </Loaded>
    </section>
  )
}

type Period = ProfileDay['periods'][number]

const columns: Column<Period>[] = [
  { id: 'from', header: 'From', accessorFn: (p) => p.from, cell: ({ row }) => row.original.localTime },
  {
    id: 'limit',
    header: 'Import limit kW',
    meta: { align: 'right' },
    accessorFn: (p) => p.limitW,
    cell: ({ row }) => kwDigits(row.original.limitW),
  },
]

function PreviewTable({ preview }: { preview: ProfileDay }) {
  return (
    <>
      {preview.remark && <p>{preview.remark}</p>}
      <div className={styles.table}>
        <DataTable
          label={`${count(preview.periods.length, 'half-hour')} of the day`}
          rows={preview.periods}
          columns={columns}
          rowKey={(p) => p.from}
          empty=""
        />
      </div>
    </>
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
