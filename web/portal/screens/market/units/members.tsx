import { useQuery } from '@tanstack/react-query'
import type { FlexibleUnit, Membership } from '../../../../../schemas/market/parties.ts'
import { useToday } from '../../../../shared/clock.ts'
import { type Column, DataTable } from '../../../../shared/components/data-table.tsx'
import { Loaded } from '../../../../shared/components/query.tsx'
import { PanelPart } from '../../../../shared/components/side-panel.tsx'
import { kw } from '../../../../shared/format/power.ts'
import { shortDay } from '../../../../shared/format/time.ts'
import { membersQuery } from '../../../market-queries.ts'
import { derKinds } from '../ders/words.ts'

const columns: Column<Membership>[] = [
  {
    id: 'der',
    header: 'DER',
    meta: { wrap: true },
    accessorFn: ({ derName }) => derName,
    cell: ({ row: { original: der } }) => `${der.derName}, ${derKinds[der.kind]}, ${kw(der.ratedW)}`,
  },
  { id: 'mpan', header: 'MPAN', accessorFn: ({ mpan }) => mpan, cell: ({ row }) => row.original.mpan },
  { id: 'from', header: 'From', accessorFn: ({ from }) => from, cell: ({ row }) => shortDay(row.original.from) },
  {
    id: 'until',
    header: 'Leaves on',
    accessorFn: ({ until }) => until ?? '',
    cell: ({ row }) => (row.original.until ? shortDay(row.original.until) : ''),
  },
]

/** The DERs of an FU with their days; those that have left it stay in the list. */
export function Members({ unit }: { unit: FlexibleUnit }) {
  const today = useToday()
  const query = useQuery(membersQuery(unit.fuId))
  const present = query.data?.filter(({ from, until }) => from <= today && (until === null || today < until)).length
  return (
    <PanelPart title={present === undefined ? 'DERs' : `DERs, ${present} today`}>
      <Loaded query={query}>
        {(rows) => (
          <DataTable
            label="DERs of the FU"
            rows={rows}
            columns={columns}
            rowKey={({ derId, from }) => `${derId} ${from}`}
            empty="No DER has joined it yet."
          />
        )}
      </Loaded>
    </PanelPart>
  )
}
