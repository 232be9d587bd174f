import { useQueries, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import type { HomeUnitView } from '../../../../schemas/fsp/vans.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { ProblemNotice } from '../../../shared/components/notice.tsx'
import { Section } from '../../../shared/components/page.tsx'
import { Loaded, Waiting } from '../../../shared/components/query.tsx'
import { Totals } from '../../../shared/components/totals.tsx'
import { kw, kwDigits, power } from '../../../shared/format/power.ts'
import { homeUnitQuery, registerQuery } from '../../queries.ts'

/** Every unit of homes at a glance: its vans, what they draw, and whether it is held. */
export function HomeUnits() {
  const query = useQuery(registerQuery('homeUnits'))
  return <Loaded query={query}>{(units) => <Views ids={units.map(({ key }) => key)} />}</Loaded>
}

function Views({ ids }: { ids: readonly string[] }) {
  const navigate = useNavigate()
  const queries = useQueries({ queries: ids.map(homeUnitQuery) })
  const failed = queries.find(({ isError }) => isError)
  if (failed?.error) return <ProblemNotice error={failed.error} onRetry={() => void failed.refetch()} />
  const units = queries.flatMap(({ data }) => data ?? [])
  if (units.length < ids.length) return <Waiting />
  const sum = (of: (unit: HomeUnitView) => number) => units.reduce((total, unit) => total + of(unit), 0)
  return (
    <>
      <Totals
        items={[
          { term: 'Homes', value: String(sum(({ homes }) => homes)) },
          { term: 'Vans', value: String(sum(({ vans }) => vans)) },
          { term: 'Plugged in', value: String(sum(({ pluggedIn }) => pluggedIn)) },
          { term: 'Drawn', value: power(sum(({ drawnW }) => drawnW ?? 0)) },
        ]}
      />
      <Section title="Units of homes" flush>
        <DataTable
          label="Units of homes"
          rows={units}
          columns={columns}
          rowKey={({ depotId }) => depotId}
          onOpen={({ depotId }) => void navigate({ to: '/homes/$unitId', params: { unitId: depotId } })}
          empty="No unit of homes is registered yet."
        />
      </Section>
    </>
  )
}

const columns: Column<HomeUnitView>[] = [
  {
    id: 'unit',
    header: 'Unit',
    accessorFn: ({ depotId }) => depotId,
    cell: ({ row: { original } }) => (
      <Link to="/homes/$unitId" params={{ unitId: original.depotId }}>
        {original.depotId}
      </Link>
    ),
  },
  { id: 'product', header: 'Product', accessorFn: ({ product }) => product, cell: ({ row }) => row.original.product },
  {
    id: 'vans',
    header: 'Vans plugged in',
    meta: { align: 'right' },
    accessorFn: ({ pluggedIn }) => pluggedIn,
    cell: ({ row: { original } }) => `${original.pluggedIn} of ${original.vans}`,
  },
  {
    id: 'drawn',
    header: 'Drawn kW',
    meta: { align: 'right', from: 'medium' },
    accessorFn: ({ drawnW }) => drawnW,
    cell: ({ row: { original } }) => (original.drawnW === null ? '–' : kwDigits(original.drawnW)),
  },
  {
    id: 'held',
    header: 'Held',
    accessorFn: ({ capW }) => capW,
    cell: ({ row }) => heldInWords(row.original),
  },
]

/** Whether a unit is held, to what and why. */
export function heldInWords({ capW, by, overW }: HomeUnitView): string {
  if (capW === null) return 'no'
  const why = by === 'turn-down' ? 'turn-down instructed' : 'spread after a turn-down'
  return `to ${kw(capW)}, ${why}${overW > 0 ? `; ${kw(overW)} more for vans that must not wait` : ''}`
}
