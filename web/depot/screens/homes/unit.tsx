import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import type { HomeUnitView } from '../../../../schemas/fsp/vans.ts'
import { useToday } from '../../../shared/clock.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { Totals } from '../../../shared/components/totals.tsx'
import { kwDigits, kwhDigits, power } from '../../../shared/format/power.ts'
import { dayAndTime } from '../../../shared/format/time.ts'
import { homeUnitQuery } from '../../queries.ts'
import { EnvelopeSection } from './envelope.tsx'
import { EventsSection } from './events.tsx'
import { StatisticsSection } from './statistics.tsx'
import { heldInWords } from './units.tsx'

/** One unit of homes: what each van does now, how events went, how vans come and go, and what could be offered. */
export function HomeUnit() {
  const { unitId } = useParams({ from: '/inside/homes/$unitId' })
  const query = useQuery(homeUnitQuery(unitId))
  return (
    <Page title={unitId} subtitle={query.data && `Unit of homes for product ${query.data.product}`}>
      <Loaded query={query}>{(unit) => <Now unit={unit} />}</Loaded>
      <EventsSection unitId={unitId} />
      <EnvelopeSection unitId={unitId} />
      <StatisticsSection unitId={unitId} />
    </Page>
  )
}

type Van = HomeUnitView['vehicles'][number]

function Now({ unit }: { unit: HomeUnitView }) {
  const { homes, drivers, vans, pluggedIn, withoutParking, topUpInPublic, drawnW, capW, vehicles } = unit
  return (
    <>
      {capW !== null && <Notice title="The unit is held">{heldInWords(unit)}</Notice>}
      <Totals
        items={[
          { term: 'Homes', value: String(homes) },
          { term: 'Drivers', value: String(drivers) },
          { term: 'Vans plugged in', value: `${pluggedIn} of ${vans}` },
          { term: 'Drawn', value: drawnW === null ? 'not known' : power(drawnW) },
          { term: 'Without off-street parking', value: String(withoutParking) },
          { term: 'Top up in public', value: String(topUpInPublic) },
        ]}
      />
      <Section title="Vans that are plugged in" flush>
        <DataTable
          label="Vans that are plugged in"
          rows={vehicles}
          columns={columns}
          rowKey={({ identity }) => identity}
          empty="No van is plugged in now."
        />
      </Section>
    </>
  )
}

const columns: Column<Van>[] = [
  { id: 'van', header: 'Van', accessorFn: ({ vehicleId }) => vehicleId, cell: ({ row }) => row.original.vehicleId },
  {
    id: 'state',
    header: 'State',
    accessorFn: ({ isOverridden, isReachable }) => Number(isOverridden) + Number(isReachable),
    cell: ({ row: { original } }) => stateOf(original),
  },
  {
    id: 'power',
    header: 'Power kW',
    meta: { align: 'right' },
    accessorFn: ({ powerW }) => powerW,
    cell: ({ row: { original } }) => (original.powerW === null ? '–' : kwDigits(original.powerW)),
  },
  {
    id: 'share',
    header: 'May draw kW',
    meta: { align: 'right', from: 'medium' },
    accessorFn: ({ shareW }) => shareW,
    cell: ({ row }) => kwDigits(row.original.shareW),
  },
  {
    id: 'missing',
    header: 'Still needed kWh',
    meta: { align: 'right', from: 'medium' },
    accessorFn: ({ missingWh }) => missingWh,
    cell: ({ row }) => kwhDigits(row.original.missingWh),
  },
  {
    id: 'ready',
    header: 'Ready by',
    meta: { align: 'right', from: 'wide' },
    accessorFn: ({ readyAt }) => readyAt,
    cell: ({ row }) => <ReadyBy at={row.original.readyAt} />,
  },
]

function stateOf({ isReachable, isOverridden }: Van) {
  if (!isReachable) return <Mark word="Cannot be reached" tone="doubt" shape="dashed" />
  if (isOverridden) return <Mark word="Charge at once, as the driver asked" tone="risk" shape="diamond" />
  return <Mark word="Follows" tone="normal" shape="ring" />
}

function ReadyBy({ at }: { at: string }) {
  return dayAndTime(at, useToday())
}
