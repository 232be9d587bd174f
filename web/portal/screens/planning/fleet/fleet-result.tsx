import { SegmentedControl } from '@mantine/core'
import { lazy, Suspense, useMemo, useState } from 'react'
import { type Column, DataTable } from '../../../../shared/components/data-table.tsx'
import { Notice } from '../../../../shared/components/notice.tsx'
import { Facts, Section, Stack } from '../../../../shared/components/page.tsx'
import { Waiting } from '../../../../shared/components/query.tsx'
import { fixed } from '../../../../shared/format/power.ts'
import {
  dayAxis,
  dayKindNames,
  dayRows,
  daySeries,
  errorInWords,
  type FleetEstimate,
  type Place,
  peakInWords,
  placeWords,
  slotName,
  unmetInWords,
} from './fleet-words.ts'

const LineChart = lazy(() =>
  import('../../../../shared/chart/line-chart.tsx').then((at) => ({ default: at.LineChart })),
)

interface FleetResultProps {
  estimate: FleetEstimate
  /** Whether the meter of a depot was named to compare with. */
  isCompared: boolean
}

/** What the fleet would charge: in figures, by route type and season, and by half-hour of the day. */
export function FleetResult({ estimate, isCompared }: FleetResultProps) {
  const { vehicles, journeys, drivenKwh, unmetKwh, routes } = estimate
  const unmet = unmetInWords(estimate)
  return (
    <>
      <Section title="What the fleet would need">
        <Stack>
          {unmet ? <Notice tone="risk">{unmet}</Notice> : <Notice>Every journey is within the range.</Notice>}
          <Facts
            items={[
              ['Vehicles', fixed(vehicles, 0)],
              ['Journeys', fixed(journeys, 0)],
              ['Energy driven', `${fixed(drivenKwh, 0)}\u00a0kWh`],
              ['Beyond the range', `${fixed(unmetKwh, 0)}\u00a0kWh`],
            ]}
          />
          {isCompared && <p>{errorInWords(estimate)}</p>}
        </Stack>
      </Section>
      <TypicalDays estimate={estimate} />
      <Section title="By route type and season" flush>
        <DataTable
          label="Routes"
          rows={routes.toSorted((a, b) => b.daysBeyondRange - a.daysBeyondRange)}
          columns={routeColumns}
          rowKey={({ routeType, season }) => `${routeType} ${season}`}
          empty="There is none."
        />
      </Section>
    </>
  )
}

function TypicalDays({ estimate }: { estimate: FleetEstimate }) {
  const [place, setPlace] = useState<Place>('depot')
  const [view, setView] = useState<'chart' | 'table'>('chart')
  const series = useMemo(() => daySeries(estimate, place), [estimate, place])
  return (
    <Section
      title="Mean day by half-hour"
      flush={view === 'table'}
      actions={
        <>
          <SegmentedControl
            size="xs"
            aria-label="Place"
            value={place}
            onChange={(next) => setPlace(next as Place)}
            data={Object.entries(placeWords).map(([value, label]) => ({ value, label }))}
          />
          <SegmentedControl
            size="xs"
            aria-label="View"
            value={view}
            onChange={(next) => setView(next === 'table' ? 'table' : 'chart')}
            data={[
              { value: 'chart', label: 'Chart' },
              { value: 'table', label: 'Table' },
            ]}
          />
        </>
      }
    >
      {view === 'table' ? (
        <DayTable estimate={estimate} place={place} />
      ) : (
        <Suspense fallback={<Waiting />}>
          <LineChart
            axis={dayAxis}
            summary={peakInWords(estimate, place)}
            series={series}
            now={null}
            unit="kW"
            height={260}
          />
        </Suspense>
      )}
    </Section>
  )
}

type DayRow = ReturnType<typeof dayRows>[number]

function DayTable({ estimate, place }: { estimate: FleetEstimate; place: Place }) {
  const columns: Column<DayRow>[] = [
    {
      id: 'slot',
      header: 'From',
      accessorFn: ({ slot }) => slot,
      cell: ({ row }) => slotName(row.original.slot),
    },
    ...dayKindNames(estimate, place).map(
      (name, i): Column<DayRow> => ({
        id: name,
        header: `${name} kW`,
        meta: i < 2 ? { align: 'right' } : { align: 'right', from: 'medium' },
        accessorFn: (row) => row.kw[i] ?? 0,
        cell: ({ row }) => fixed(row.original.kw[i] ?? 0, 1),
      }),
    ),
  ]
  return (
    <DataTable
      label={`Mean days, ${placeWords[place].toLowerCase()}`}
      rows={dayRows(estimate, place)}
      columns={columns}
      rowKey={({ slot }) => String(slot)}
      empty=""
    />
  )
}

type Route = FleetEstimate['routes'][number]

const number = (
  id: keyof Omit<Route, 'routeType' | 'season'>,
  header: string,
  decimals: number,
  from?: 'medium' | 'wide',
): Column<Route> => ({
  id,
  header,
  meta: from ? { align: 'right', from } : { align: 'right' },
  accessorFn: (route) => route[id],
  cell: ({ row }) => fixed(row.original[id], decimals),
})

const routeColumns: Column<Route>[] = [
  {
    id: 'type',
    header: 'Route type',
    accessorFn: (route) => route.routeType,
    cell: ({ row }) => row.original.routeType,
  },
  { id: 'season', header: 'Season', accessorFn: (route) => route.season, cell: ({ row }) => row.original.season },
  number('vehicleDays', 'Days of vehicles', 0, 'wide'),
  number('kmPerDay', 'km a day', 1, 'medium'),
  number('kwhPerDay', 'kWh a day', 1),
  number('longestDayKm', 'Longest day km', 1, 'wide'),
  number('daysBeyondRange', 'Beyond the range', 0),
]
