import { Button } from '@mantine/core'
import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { TimeChart } from '../../../shared/chart/time-chart.tsx'
import { useNow } from '../../../shared/clock.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Nothing } from '../../../shared/components/notice.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { kwDigits } from '../../../shared/format/power.ts'
import { addDays, instantOfLocal, timeOfDay } from '../../../shared/format/time.ts'
import { averagesQuery, historyQuery, planQuery } from '../../queries.ts'
import { type DepotPoint, expectedPoints, meanPoints, pointsInWords, recordedPoints, seriesOf } from './series.ts'

interface DayChartProps {
  depotId: string
  day: string
  today: string
}

/** A day as recorded, and from now on as expected. */
export function DayChart({ depotId, day, today }: DayChartProps) {
  const now = useNow()
  const [from, to] = [instantOfLocal(`${day}T00:00`), instantOfLocal(`${addDays(day, 1)}T00:00`)]
  const history = useQuery({ ...historyQuery(depotId, from, to), enabled: day <= today })
  const plan = useQuery({ ...planQuery(depotId), enabled: day >= today })
  return (
    <Loaded query={(day > today ? plan : history) as UseQueryResult<unknown, Error>}>
      {() => {
        const recorded = recordedPoints(history.data?.points ?? [])
        const after = recorded.at(-1)?.at ?? 0
        const expected = expectedPoints(plan.data?.periods ?? [], Date.parse(from), Date.parse(to)).filter(
          ({ at }) => at > after,
        )
        return <PointsChart day={day} recorded={recorded} expected={expected} now={day === today ? now : null} />
      }}
    </Loaded>
  )
}

/** The mean of the last four weeks by time of day. */
export function AverageChart({
  depotId,
  dayType,
  today,
}: {
  depotId: string
  dayType: 'weekday' | 'weekend'
  today: string
}) {
  const query = useQuery(averagesQuery(depotId, dayType))
  return (
    <Loaded query={query}>
      {({ times }) => <PointsChart day={today} recorded={meanPoints(times, today)} expected={[]} now={null} />}
    </Loaded>
  )
}

interface PointsChartProps {
  day: string
  recorded: readonly DepotPoint[]
  expected: readonly DepotPoint[]
  now: number | null
}

function PointsChart({ day, recorded, expected, now }: PointsChartProps) {
  const [isTable, setIsTable] = useState(false)
  const points = [...recorded, ...expected]
  if (points.length === 0) return <Nothing>Nothing was recorded on this day, and nothing is planned for it.</Nothing>
  return (
    <>
      {isTable ? (
        <DataTable
          label="Demand, headroom and capacity"
          rows={points}
          columns={columns}
          rowKey={({ at }) => String(at)}
          empty="Nothing was recorded."
        />
      ) : (
        <TimeChart
          tradingDay={day}
          summary={pointsInWords(recorded, expected)}
          series={seriesOf(recorded, expected)}
          now={now}
        />
      )}
      <Button mt={8} onClick={() => setIsTable(!isTable)}>
        {isTable ? 'Show as chart' : 'Show as table'}
      </Button>
    </>
  )
}

const columns: Column<DepotPoint>[] = [
  { id: 'at', header: 'From', accessorFn: ({ at }) => at, cell: ({ row }) => timeOfDay(row.original.at) },
  column('demand', 'Demand kW', (point) => point.demandW),
  column('building', 'Building kW', (point) => point.buildingW, 'medium'),
  column('ev', 'EV load kW', (point) => point.evLoadW),
  column('headroom', 'Headroom kW', (point) => point.headroomW, 'medium'),
  column('capacity', 'Capacity kW', (point) => point.capacityW),
]

function column(
  id: string,
  header: string,
  of: (point: DepotPoint) => number | null,
  from?: 'medium',
): Column<DepotPoint> {
  return {
    id,
    header,
    meta: { align: 'right', ...(from ? { from } : {}) },
    accessorFn: of,
    cell: ({ row }) => {
      const value = of(row.original)
      return value === null ? '–' : kwDigits(value)
    },
  }
}
