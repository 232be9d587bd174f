import { useMemo } from 'react'
import type { Tender, TenderResponse } from '../../../../../schemas/market/tenders.ts'
import { type Column, DataTable } from '../../../../shared/components/data-table.tsx'
import { Mark } from '../../../../shared/components/mark.tsx'
import { directionWords, gbp, kwDigits } from '../../../../shared/format/power.ts'
import { outcomeWords, perHour, rejectionWords } from '../words.ts'
import { offersOf } from './evaluation.ts'

type Offer = ReturnType<typeof offersOf>[number]

function columnsOf(tender: Tender): Column<Offer>[] {
  return [
    {
      id: 'outcome',
      header: 'Outcome',
      accessorFn: (offer) => offer.outcome,
      cell: ({ row: { original } }) => (
        <Mark
          {...outcomeWords[original.outcome]}
          {...(original.rejection && { word: rejectionWords[original.rejection] })}
        />
      ),
    },
    { id: 'fu', header: 'FU', accessorFn: (offer) => offer.fuName, cell: ({ row }) => row.original.fuName },
    {
      id: 'fsp',
      header: 'FSP',
      meta: { from: 'medium' },
      accessorFn: (offer) => offer.fspName,
      cell: ({ row }) => row.original.fspName,
    },
    {
      id: 'windows',
      header: 'Windows',
      meta: { align: 'right', from: 'wide' },
      accessorFn: (offer) => offer.selectedWindows.length,
      cell: ({ row: { original } }) =>
        original.outcome === 'selected' ? `${original.selectedWindows.length} of ${tender.windows.length}` : '–',
    },
    {
      id: 'power',
      header: `${directionWords[tender.direction]} kW`,
      meta: { align: 'right' },
      accessorFn: (offer) => offer.turnDownW,
      cell: ({ row }) => kwDigits(row.original.turnDownW),
    },
    {
      id: 'availability',
      header: 'Availability £/MW/h',
      meta: { align: 'right', from: 'wide' },
      accessorFn: (offer) => Number(offer.availabilityGbpPerMwH),
      cell: ({ row }) => row.original.availabilityGbpPerMwH,
    },
    {
      id: 'utilisation',
      header: 'Utilisation £/MWh',
      meta: { align: 'right', from: 'wide' },
      accessorFn: (offer) => Number(offer.utilisationGbpPerMwh),
      cell: ({ row }) => row.original.utilisationGbpPerMwh,
    },
    {
      id: 'cost',
      header: 'Expected cost an hour',
      meta: { align: 'right' },
      accessorFn: (offer) => Number(offer.expectedCostGbpPerHour),
      cell: ({ row }) => gbp(perHour(row.original.expectedCostGbpPerHour)),
    },
  ]
}

/** Every offer into a tender and what became of it, the selected first. */
export function Offers({ tender, responses }: { tender: Tender; responses: readonly TenderResponse[] }) {
  const columns = useMemo(() => columnsOf(tender), [tender])
  const offers = useMemo(
    () =>
      offersOf(responses).toSorted(
        (a, b) =>
          Number(b.outcome === 'selected') - Number(a.outcome === 'selected') ||
          Number(a.expectedCostGbpPerHour) / a.turnDownW - Number(b.expectedCostGbpPerHour) / b.turnDownW,
      ),
    [responses],
  )
  return (
    <DataTable
      label="Offers"
      rows={offers}
      columns={columns}
      rowKey={(offer) => offer.offerId}
      empty={tender.state === 'draft' ? 'FSPs see this tender once it is published.' : 'No FSP has made an offer yet.'}
    />
  )
}
