import { SegmentedControl } from '@mantine/core'
import { lazy, Suspense, useMemo, useState } from 'react'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Waiting } from '../../../shared/components/query.tsx'
import { fixed } from '../../../shared/format/power.ts'
import styles from './plan-page.module.css'
import {
  axisOf,
  placeName,
  rowsOf,
  seriesOf,
  spanWords,
  type WeekLine,
  type WeekRow,
  type WeekSpan,
} from './week-series.ts'

const LineChart = lazy(() => import('../../../shared/chart/line-chart.tsx').then((at) => ({ default: at.LineChart })))

interface WeekViewProps {
  /** What the figures are, for those who do not see the chart. */
  label: string
  /** The chart in a sentence. */
  summary: string
  lines: readonly WeekLine[]
  /** What the site may take, kW; `null` if that is not known. */
  capacityKw?: number | null
}

/** A typical week of a site, or the most of its working days and weekends: as a chart and as a table. */
export function WeekView({ label, summary, lines, capacityKw = null }: WeekViewProps) {
  const [span, setSpan] = useState<WeekSpan>('week')
  const [view, setView] = useState<'chart' | 'table'>('chart')
  const series = useMemo(() => seriesOf(lines, span, capacityKw), [lines, span, capacityKw])
  return (
    <div className={styles.counts}>
      <div className={styles.row}>
        <SegmentedControl
          size="xs"
          aria-label={`Days of: ${label}`}
          value={span}
          onChange={(next) => setSpan(next as WeekSpan)}
          data={Object.entries(spanWords).map(([value, text]) => ({ value, label: text }))}
        />
        <SegmentedControl
          size="xs"
          aria-label={`View of: ${label}`}
          value={view}
          onChange={(next) => setView(next === 'table' ? 'table' : 'chart')}
          data={[
            { value: 'chart', label: 'Chart' },
            { value: 'table', label: 'Table' },
          ]}
        />
      </div>
      {view === 'table' ? (
        <WeekTable label={`${label}, by half-hour`} lines={lines} span={span} />
      ) : (
        <Suspense fallback={<Waiting />}>
          <LineChart axis={axisOf(span)} summary={summary} series={series} now={null} unit="kW" height={260} />
        </Suspense>
      )}
    </div>
  )
}

function WeekTable({ label, lines, span }: { label: string; lines: readonly WeekLine[]; span: WeekSpan }) {
  const rows = useMemo(() => rowsOf(lines, span), [lines, span])
  const columns: Column<WeekRow>[] = [
    { id: 't', header: 'Half-hour from', accessorFn: ({ t }) => t, cell: ({ row }) => placeName(row.original.t, span) },
    ...lines.map((line, i): Column<WeekRow> => {
      return {
        id: line.label,
        header: `${line.label} kW`,
        meta: { align: 'right' },
        accessorFn: ({ kw }) => kw[i] ?? 0,
        cell: ({ row }) => fixed(row.original.kw[i] ?? 0, 1),
      }
    }),
  ]
  return <DataTable label={label} rows={rows} columns={columns} rowKey={({ t }) => String(t)} empty="" />
}
