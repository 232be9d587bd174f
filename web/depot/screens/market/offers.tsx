import { useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { tenderAnswer } from '../../../../schemas/fsp/market.ts'
import { useToday } from '../../../shared/clock.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { gbp, kw } from '../../../shared/format/power.ts'
import { dayAndTime } from '../../../shared/format/time.ts'
import { tenderAnswersQuery } from '../../queries.ts'

type Answer = z.infer<typeof tenderAnswer>

/** One unit's part of an answered tender. */
interface OfferRow {
  key: string
  title: string
  at: string
  depotId: string
  offer: Answer['units'][number]['offer']
  /** What became of it, or why there was none. */
  fate: string
}

/** Tenders that were answered: each unit's offer with its prices, and what the DNO decided. */
export function Offers() {
  const query = useQuery(tenderAnswersQuery)
  return (
    <Section title="Offers" flush>
      <Loaded query={query}>
        {(answers) => (
          <DataTable
            label="Offers"
            rows={answers.flatMap(rowsOf)}
            columns={columns}
            rowKey={({ key }) => key}
            empty="No tender has been answered yet."
          />
        )}
      </Loaded>
    </Section>
  )
}

function rowsOf({ tenderId, tender, at, units, fates }: Answer): OfferRow[] {
  return units.map(({ depotId, fuId, offer, refusal }) => {
    const fate = fates?.find((each) => each.fuId === fuId)
    const decided = fate ? `${fate.outcome}${fate.because === null ? '' : `: ${fate.because}`}` : 'not decided yet'
    return {
      key: `${tenderId} ${fuId}`,
      title: tender?.title ?? 'a tender',
      at,
      depotId,
      offer,
      fate: offer === null ? `left out: ${refusal ?? 'no reason given'}` : decided,
    }
  })
}

const columns: Column<OfferRow>[] = [
  { id: 'tender', header: 'Tender', accessorFn: ({ title }) => title, cell: ({ row }) => row.original.title },
  { id: 'depot', header: 'Unit', accessorFn: ({ depotId }) => depotId, cell: ({ row }) => row.original.depotId },
  {
    id: 'at',
    header: 'Answered',
    meta: { align: 'right', from: 'wide' },
    accessorFn: ({ at }) => at,
    cell: ({ row }) => <At at={row.original.at} />,
  },
  {
    id: 'offer',
    header: 'Turn-down',
    meta: { align: 'right', from: 'medium' },
    accessorFn: ({ offer }) => offer?.turnDownW ?? null,
    cell: ({ row: { original } }) => (original.offer === null ? '–' : kw(original.offer.turnDownW)),
  },
  {
    id: 'availability',
    header: '£/MW/h',
    meta: { align: 'right', from: 'wide' },
    accessorFn: ({ offer }) => Number(offer?.availabilityGbpPerMwH ?? 0),
    cell: ({ row: { original } }) => (original.offer === null ? '–' : gbp(original.offer.availabilityGbpPerMwH)),
  },
  {
    id: 'utilisation',
    header: '£/MWh',
    meta: { align: 'right', from: 'wide' },
    accessorFn: ({ offer }) => Number(offer?.utilisationGbpPerMwh ?? 0),
    cell: ({ row: { original } }) => (original.offer === null ? '–' : gbp(original.offer.utilisationGbpPerMwh)),
  },
  {
    id: 'fate',
    header: 'What became of it',
    meta: { wrap: true },
    accessorFn: ({ fate }) => fate,
    cell: ({ row }) => row.original.fate,
  },
]

function At({ at }: { at: string }) {
  return dayAndTime(at, useToday())
}
