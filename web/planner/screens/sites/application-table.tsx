import { Link } from '@tanstack/react-router'
import type { OwnApplication } from '../../../../schemas/market/customers.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { kwDigits } from '../../../shared/format/power.ts'
import { dayAndTime, daySpanInWords } from '../../../shared/format/time.ts'
import { highestLimitW, versionStateWords } from '../../../shared/profiles/words.ts'
import { decisionInWords } from './site-words.ts'

const columns: Column<OwnApplication>[] = [
  {
    id: 'site',
    header: 'Site',
    accessorFn: (one) => one.connectionName,
    cell: ({ row: { original } }) => (
      <Link to="/sites/$connectionId" params={{ connectionId: original.connectionId }}>
        {original.connectionName}
      </Link>
    ),
  },
  { id: 'version', header: 'Version', meta: { from: 'medium' }, accessorFn: (one) => one.version },
  {
    id: 'state',
    header: 'State',
    accessorFn: (one) => versionStateWords[one.state].word,
    cell: ({ row }) => <Mark {...versionStateWords[row.original.state]} />,
  },
  {
    id: 'applied',
    header: 'Applied',
    meta: { from: 'wide' },
    accessorFn: (one) => one.appliedAt,
    cell: ({ row }) => (row.original.appliedAt === null ? '–' : dayAndTime(row.original.appliedAt)),
  },
  {
    id: 'span',
    header: 'Valid',
    accessorFn: (one) => one.validFrom,
    cell: ({ row }) => daySpanInWords(row.original.validFrom, row.original.validTo),
  },
  {
    id: 'highest',
    header: 'Highest limit kW',
    meta: { align: 'right', from: 'medium' },
    accessorFn: highestLimitW,
    cell: ({ row }) => kwDigits(highestLimitW(row.original)),
  },
  {
    id: 'decision',
    header: 'Decision and reason',
    meta: { wrap: true },
    accessorFn: (one) => one.reason,
    cell: ({ row }) => decisionInWords(row.original),
  },
]

/** What was applied for, and what became of it. */
export function ApplicationTable({ rows }: { rows: readonly OwnApplication[] }) {
  return (
    <DataTable
      label="Applications"
      rows={rows}
      columns={columns}
      rowKey={(one) => one.profileId}
      empty="Nothing has been applied for yet."
    />
  )
}
