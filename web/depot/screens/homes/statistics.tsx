import { useQuery } from '@tanstack/react-query'
import type { VanStatistics } from '../../../../schemas/fsp/vans.ts'
import { useToday } from '../../../shared/clock.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { Totals } from '../../../shared/components/totals.tsx'
import { fixed } from '../../../shared/format/power.ts'
import { addDays } from '../../../shared/format/time.ts'
import { vanStatisticsQuery } from '../../queries.ts'

/** Days back that the statistics are of. */
const days = 28

/** How vans came, went and charged in the last four weeks, by weekday. */
export function StatisticsSection({ unitId }: { unitId: string }) {
  const today = useToday()
  const query = useQuery(vanStatisticsQuery(unitId, addDays(today, -days), today))
  return (
    <Section title="Arrivals and departures of the last four weeks" flush>
      <Loaded query={query}>
        {({ sessions, byWeekday, energyKwh, flexibleHours, pluggedHours }) => (
          <>
            <Totals
              items={[
                { term: 'Charges', value: String(sessions) },
                { term: 'Energy, median', value: figure(energyKwh.p50, 'kWh') },
                { term: 'Plugged in, median', value: figure(pluggedHours.p50, 'h') },
                { term: 'Can be put off, median', value: figure(flexibleHours.p50, 'h') },
              ]}
            />
            <DataTable
              label="By weekday"
              rows={byWeekday}
              columns={columns}
              rowKey={({ weekday }) => weekday}
              empty="No charge has ended in these weeks."
            />
          </>
        )}
      </Loaded>
    </Section>
  )
}

function figure(value: number | null, unit: string): string {
  return value === null ? 'not known' : `${fixed(value, 1)}\u00a0${unit}`
}

type Weekday = VanStatistics['byWeekday'][number]

const sum = (counts: readonly number[]) => counts.reduce((total, each) => total + each, 0)

const columns: Column<Weekday>[] = [
  {
    id: 'weekday',
    header: 'Weekday',
    enableSorting: false,
    cell: ({ row: { original } }) => original.weekday.charAt(0).toUpperCase() + original.weekday.slice(1),
  },
  count('arrivals', 'Arrivals', ({ arrivals }) => sum(arrivals)),
  hour('arrival', 'Median arrival', ({ medianArrival }) => medianArrival),
  count('departures', 'Departures', ({ departures }) => sum(departures)),
  hour('departure', 'Median departure', ({ medianDeparture }) => medianDeparture),
]

function count(id: string, header: string, of: (day: Weekday) => number): Column<Weekday> {
  return {
    id,
    header,
    meta: { align: 'right', from: 'medium' },
    accessorFn: of,
    cell: ({ row }) => String(of(row.original)),
  }
}

/** Hours after midnight as a time: `17.5` is `17:30`. */
function hour(id: string, header: string, of: (day: Weekday) => number | null): Column<Weekday> {
  return {
    id,
    header,
    meta: { align: 'right' },
    accessorFn: of,
    cell: ({ row }) => {
      const value = of(row.original)
      if (value === null) return '–'
      const minutes = Math.round(value * 60) % 1_440
      return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
    },
  }
}
