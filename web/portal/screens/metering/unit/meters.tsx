import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { FlexibleUnit } from '../../../../../schemas/market/parties.ts'
import type { UnitMeter } from '../../../../../schemas/settlement/metering.ts'
import { type Column, DataTable } from '../../../../shared/components/data-table.tsx'
import { Section } from '../../../../shared/components/page.tsx'
import { Loaded } from '../../../../shared/components/query.tsx'
import { dayInWords } from '../../../../shared/format/time.ts'
import { membersQuery } from '../../../market-queries.ts'
import { useOwnFsp, useRefusal } from '../../../session.ts'
import { unitMetersQuery } from '../../../settlement-queries.ts'

interface Row extends UnitMeter {
  derName: string
}

const columns: Column<Row>[] = [
  { id: 'meter', header: 'Meter', accessorFn: ({ meterId }) => meterId, cell: ({ row }) => row.original.meterId },
  {
    id: 'der',
    header: 'What it meters',
    accessorFn: ({ derName }) => derName,
    cell: ({ row }) => row.original.derName,
  },
  {
    id: 'from',
    header: 'First day',
    meta: { align: 'right', from: 'medium' },
    accessorFn: ({ from }) => from,
    cell: ({ row }) => dayInWords(row.original.from),
  },
  {
    id: 'until',
    header: 'First day without it',
    meta: { align: 'right' },
    accessorFn: ({ until }) => until ?? '9999',
    cell: ({ row }) => (row.original.until ? dayInWords(row.original.until) : 'no end'),
  },
]

/** The meters that the FU’s energy is the sum of; a row opens its days. */
export function Meters({ unit: { fuId } }: { unit: FlexibleUnit }) {
  const { meter } = useSearch({ from: '/inside/metering/$fuId' })
  const navigate = useNavigate({ from: '/metering/$fuId' })
  const query = useQuery(unitMetersQuery(fuId))
  const members = useQuery(membersQuery(fuId)).data
  const isFsp = useOwnFsp() !== null
  const refusal = useRefusal('settlement')
  const open = (meterId: string) => void navigate({ search: (s) => ({ ...s, meter: meterId }) })
  const rows = useMemo(
    () =>
      (query.data?.items ?? []).map((each) => ({
        ...each,
        derName:
          each.derId === null ? 'the FU' : (members?.find(({ derId }) => derId === each.derId)?.derName ?? 'a DER'),
      })),
    [query.data, members],
  )
  return (
    <Section
      title="Meters"
      flush
      actions={(isFsp || refusal === null) && <Button onClick={() => open('')}>State another meter</Button>}
    >
      <Loaded query={query}>
        {() => (
          <DataTable
            label="Meters"
            rows={rows}
            columns={columns}
            rowKey={({ meterId }) => meterId}
            selectedKey={meter}
            onOpen={({ meterId }) => open(meterId)}
            empty="No meter belongs to this FU yet: one does from its first reading on."
          />
        )}
      </Loaded>
    </Section>
  )
}
