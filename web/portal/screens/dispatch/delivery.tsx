import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { DeliverySeen } from '../../../../schemas/dispatch/delivery.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { Section } from '../../../shared/components/page.tsx'
import { kw, turn } from '../../../shared/format/power.ts'
import { deliveryWords } from '../../../shared/format/words.ts'
import { deliveryQuery } from '../../dispatch-queries.ts'

const columns: Column<DeliverySeen>[] = [
  { id: 'fu', header: 'FU', accessorFn: (row) => row.fuName, cell: ({ row }) => row.original.fuName },
  {
    id: 'state',
    header: 'Delivery',
    accessorFn: (row) => row.state,
    cell: ({ row }) => row.original.state && <Mark {...deliveryWords[row.original.state]} />,
  },
  {
    id: 'instructed',
    header: 'Instructed',
    meta: { align: 'right' },
    accessorFn: (row) => Math.abs(row.instructedNowW),
    cell: ({ row }) => turn(row.original.instructedNowW),
  },
  {
    id: 'delivered',
    header: 'Delivered',
    meta: { align: 'right' },
    accessorFn: (row) => row.deliveredNowW ?? -1,
    cell: ({ row: { original } }) => (original.deliveredNowW === null ? 'not known' : kw(original.deliveredNowW)),
  },
  {
    id: 'missing',
    header: 'Missing',
    meta: { align: 'right', from: 'medium' },
    accessorFn: missingW,
    cell: ({ row }) => {
      const w = missingW(row.original)
      return w === null ? '' : kw(w)
    },
  },
]

/** What is missing of an FU, W; `null` where that is not known. */
function missingW({ instructedNowW, deliveredNowW }: DeliverySeen): number | null {
  return deliveredNowW === null ? null : Math.max(0, Math.abs(instructedNowW) - deliveredNowW)
}

/** Measured delivery of what is instructed now, FU by FU; a row opens the reserve for it. Nothing is shown where nothing runs. */
export function DeliveryNow() {
  const { fu, reserve } = useSearch({ from: '/inside/dispatch' })
  const navigate = useNavigate({ from: '/dispatch' })
  const running = useQuery(deliveryQuery).data?.units.filter(({ state }) => state !== null) ?? []
  if (running.length === 0) return null
  const open = ({ fuId }: DeliverySeen) =>
    void navigate({
      search: (s) => ({ ...s, fu: fuId, reserve: true, at: undefined, edit: undefined, node: undefined }),
    })
  return (
    <Section title="Delivery now" flush>
      <DataTable
        label="Delivery now"
        rows={running}
        columns={columns}
        rowKey={(row) => row.fuId}
        onOpen={open}
        selectedKey={reserve ? fu : undefined}
        empty="No instruction is in effect."
      />
    </Section>
  )
}
