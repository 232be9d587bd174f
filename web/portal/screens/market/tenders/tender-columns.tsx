import { Link } from '@tanstack/react-router'
import type { Tender } from '../../../../../schemas/market/tenders.ts'
import type { Column } from '../../../../shared/components/data-table.tsx'
import { kwDigits } from '../../../../shared/format/power.ts'
import { dayAndTime, daySpanInWords, utc } from '../../../../shared/format/time.ts'

const highestNeedW = (tender: Tender) => Math.max(...tender.windows.map((window) => window.requiredW))

/** Columns of a list of tenders, for the DNO's list and for that of an FSP's people. */
export const tenderColumns = {
  title: {
    id: 'title',
    header: 'Tender',
    accessorFn: (tender) => tender.title,
    cell: ({ row }) => (
      <Link to="/market/tenders/$tenderId" params={{ tenderId: row.original.tenderId }}>
        {row.original.title}
      </Link>
    ),
  },
  product: {
    id: 'product',
    header: 'Product',
    accessorFn: (tender) => tender.product,
    cell: ({ row }) => row.original.product,
  },
  service: {
    id: 'service',
    header: 'Service',
    meta: { from: 'medium' },
    accessorFn: (tender) => tender.validFrom,
    cell: ({ row: { original } }) => daySpanInWords(original.validFrom, original.validTo),
  },
  need: {
    id: 'need',
    header: 'Highest need kW',
    meta: { align: 'right' },
    accessorFn: highestNeedW,
    cell: ({ row }) => kwDigits(highestNeedW(row.original)),
  },
  gate: {
    id: 'gate',
    header: 'Responses until',
    meta: { align: 'right' },
    accessorFn: (tender) => Date.parse(tender.gateClosesAt),
    cell: ({ row }) => <time title={utc(row.original.gateClosesAt)}>{dayAndTime(row.original.gateClosesAt)}</time>,
  },
} satisfies Record<string, Column<Tender>>
