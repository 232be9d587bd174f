import { useQuery } from '@tanstack/react-query'
import type { DemandRun } from '../../../../schemas/planning/demand-runs.ts'
import type { TripRunSummary } from '../../../../schemas/planning/demand-summaries.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { fixed, kwDigits, kwhDigits } from '../../../shared/format/power.ts'
import { monthInWords } from '../../../shared/format/time.ts'
import { runAreasQuery } from '../../planning-queries.ts'
import styles from './planning.module.css'
import { tripRunOf } from './words.ts'

type Place = keyof TripRunSummary['events']
type PlaceRow = { place: Place; events: number; kwh: number }
type Month = TripRunSummary['months'][number]
interface Area {
  area: string
  peakW: number | null
  energyWhPerWinterWeekday: number | null
}

const placeWords: Record<Place, string> = {
  'on-shift': 'On shift',
  home: 'At home',
  'public-near-home': 'In public, near home',
}

function figureColumn<T extends object>(
  id: string,
  header: string,
  of: (row: T) => number | null,
  decimals = 0,
): Column<T> {
  return {
    id,
    header,
    meta: { align: 'right' },
    accessorFn: of,
    cell: ({ row }) => {
      const value = of(row.original)
      return value === null ? '–' : fixed(value, decimals)
    },
  }
}

const placeColumns: Column<PlaceRow>[] = [
  { id: 'place', header: 'Where', accessorFn: (row) => row.place, cell: ({ row }) => placeWords[row.original.place] },
  figureColumn('events', 'Charges', (row) => row.events),
  figureColumn('kwh', 'Energy kWh', (row) => row.kwh),
]

const monthColumns: Column<Month>[] = [
  { id: 'month', header: 'Month', accessorFn: (row) => row.month, cell: ({ row }) => monthInWords(row.original.month) },
  figureColumn('trips', 'Trips', (row) => row.trips),
  figureColumn('meanKm', 'Mean km', (row) => row.meanKm, 1),
  figureColumn('charges', 'Charges', (row) => row.charges),
  figureColumn('chargedKwh', 'Charged kWh', (row) => row.chargedKwh),
]

const areaColumns: Column<Area>[] = [
  { id: 'area', header: 'Area', accessorFn: (row) => row.area, cell: ({ row }) => row.original.area },
  {
    id: 'peak',
    header: 'Peak of a mean day kW',
    meta: { align: 'right' },
    accessorFn: (row) => row.peakW,
    cell: ({ row: { original } }) => (original.peakW === null ? '–' : kwDigits(original.peakW)),
  },
  {
    id: 'energy',
    header: 'Winter weekday kWh',
    meta: { align: 'right' },
    accessorFn: (row) => row.energyWhPerWinterWeekday,
    cell: ({ row: { original } }) =>
      original.energyWhPerWinterWeekday === null ? '–' : kwhDigits(original.energyWhPerWinterWeekday),
  },
]

/** What a run over trips found: where vehicles charge, month by month, and what each area draws. */
export function TripResult({ run }: { run: DemandRun }) {
  const summary = tripRunOf(run)?.summary
  const areas = useQuery(runAreasQuery(run.runId))
  if (!summary) return null
  const places = (Object.keys(placeWords) as Place[]).map((place) => ({
    place,
    events: summary.events[place],
    kwh: summary.energyKwh[place],
  }))
  return (
    <>
      <Section title="Where they charge" flush>
        <DataTable
          label="Charges by place"
          rows={places}
          columns={placeColumns}
          rowKey={({ place }) => place}
          empty="No vehicle charges."
        />
      </Section>
      <Section title="By month" flush>
        <DataTable
          label="Trips and charges by month"
          rows={summary.months}
          columns={monthColumns}
          rowKey={({ month }) => month}
          empty="There are no trips."
        />
      </Section>
      <Section title="Demand of areas" flush>
        <Loaded query={areas}>
          {({ items, nextCursor }) => (
            <>
              <DataTable
                label="Demand of areas"
                rows={items}
                columns={areaColumns}
                rowKey={({ area }) => area}
                empty="No area has any demand."
              />
              {nextCursor !== null && <p className={styles.cut}>The first {fixed(items.length, 0)} areas by code.</p>}
            </>
          )}
        </Loaded>
      </Section>
    </>
  )
}
