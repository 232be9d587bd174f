import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { Contract } from '../../../../../schemas/market/contracts.ts'
import { signOf } from '../../../../../schemas/vocabulary/units.ts'
import { type Column, DataTable } from '../../../../shared/components/data-table.tsx'
import { LinkButton } from '../../../../shared/components/link-button.tsx'
import { Page, Section } from '../../../../shared/components/page.tsx'
import { Loaded } from '../../../../shared/components/query.tsx'
import { count, kwDigits } from '../../../../shared/format/power.ts'
import { daySpanInWords } from '../../../../shared/format/time.ts'
import { contractsQuery } from '../../../market-queries.ts'
import { useOwnFsp, useRefusal } from '../../../session.ts'
import { MarketTabs } from '../tabs.tsx'
import { windowInWords } from '../words.ts'
import { Origin } from './origin.tsx'

const columns: Column<Contract>[] = [
  { id: 'fu', header: 'FU', accessorFn: (contract) => contract.fuName, cell: ({ row }) => row.original.fuName },
  {
    id: 'fsp',
    header: 'FSP',
    meta: { from: 'medium' },
    accessorFn: (contract) => contract.fspName,
    cell: ({ row }) => row.original.fspName,
  },
  {
    id: 'product',
    header: 'Product',
    meta: { from: 'medium' },
    accessorFn: (contract) => contract.product,
    cell: ({ row }) => row.original.product,
  },
  {
    id: 'windows',
    header: 'Windows',
    meta: { wrap: true },
    accessorFn: (contract) => contract.windows.length,
    cell: ({ row }) => row.original.windows.map(windowInWords).join('; '),
  },
  {
    id: 'valid',
    header: 'Service',
    meta: { from: 'medium' },
    accessorFn: (contract) => contract.validFrom,
    cell: ({ row: { original } }) => daySpanInWords(original.validFrom, original.validTo),
  },
  {
    id: 'power',
    header: 'Turn-down kW',
    meta: { align: 'right' },
    accessorFn: (contract) => signOf(contract.direction) * contract.turnDownW,
    cell: ({ row: { original } }) => `${kwDigits(original.turnDownW)}${original.direction === 'turn-up' ? ' up' : ''}`,
  },
  {
    id: 'availability',
    header: '£/MW/h',
    meta: { align: 'right', from: 'wide' },
    accessorFn: (contract) => Number(contract.availabilityGbpPerMwH),
    cell: ({ row }) => row.original.availabilityGbpPerMwH,
  },
  {
    id: 'utilisation',
    header: '£/MWh',
    meta: { align: 'right', from: 'wide' },
    accessorFn: (contract) => Number(contract.utilisationGbpPerMwh),
    cell: ({ row }) => row.original.utilisationGbpPerMwh,
  },
  {
    id: 'awarded',
    header: 'Awarded',
    meta: { from: 'wide' },
    accessorFn: (contract) => Date.parse(contract.awardedAt),
    cell: ({ row }) => <Origin contract={row.original} />,
  },
]

/** Contracts with FSPs. */
export function Contracts() {
  const query = useQuery(contractsQuery)
  const navigate = useNavigate()
  const refusal = useRefusal('flexibility-engineer')
  const isFsp = useOwnFsp() !== null
  return (
    <Page
      title="Market"
      subtitle={query.data && count(query.data.length, 'contract')}
      actions={
        isFsp ? null : (
          <LinkButton to="/market/new-contract" disabled={refusal !== null} title={refusal ?? undefined}>
            Contract without a tender
          </LinkButton>
        )
      }
    >
      <MarketTabs />
      <Loaded query={query}>
        {(contracts) => (
          <Section flush>
            <DataTable
              label="Contracts"
              rows={contracts}
              columns={columns}
              rowKey={(contract) => contract.contractId}
              onOpen={({ contractId }) =>
                void navigate({ to: '/market/contracts/$contractId', params: { contractId } })
              }
              empty="There is no contract yet."
            />
          </Section>
        )}
      </Loaded>
    </Page>
  )
}
