import type { OwnSitePage, OwnVersion } from '../../../../schemas/market/customers.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { energy, kw } from '../../../shared/format/power.ts'
import { dayAndTime, daySpanInWords } from '../../../shared/format/time.ts'
import { highestLimitW, versionStateWords } from '../../../shared/profiles/words.ts'
import { decisionInWords } from './site-words.ts'

const versionColumns: Column<OwnVersion>[] = [
  { id: 'version', header: 'Version', accessorFn: (v) => v.version, cell: ({ row }) => row.original.version },
  {
    id: 'state',
    header: 'State',
    accessorFn: (v) => v.state,
    cell: ({ row }) => <Mark {...versionStateWords[row.original.state]} />,
  },
  {
    id: 'span',
    header: 'Valid',
    accessorFn: (v) => v.validFrom,
    cell: ({ row }) => daySpanInWords(row.original.validFrom, row.original.validTo),
  },
  {
    id: 'highest',
    header: 'Highest limit',
    meta: { align: 'right', from: 'medium' },
    accessorFn: highestLimitW,
    cell: ({ row }) => kw(highestLimitW(row.original)),
  },
  {
    id: 'reason',
    header: 'Decision',
    accessorFn: (v) => v.reason,
    cell: ({ row }) => decisionInWords(row.original),
  },
]

type OwnBreach = OwnSitePage['breaches'][number]

const breachColumns: Column<OwnBreach>[] = [
  { id: 'start', header: 'From', accessorFn: (b) => b.start, cell: ({ row }) => dayAndTime(row.original.start) },
  {
    id: 'end',
    header: 'Until',
    accessorFn: (b) => b.end,
    cell: ({ row }) => (row.original.end ? dayAndTime(row.original.end) : 'ongoing'),
  },
  { id: 'direction', header: 'Of', accessorFn: (b) => b.direction, cell: ({ row }) => row.original.direction },
  {
    id: 'peak',
    header: 'Highest excess',
    meta: { align: 'right' },
    accessorFn: (b) => b.peakExcessW,
    cell: ({ row }) => kw(row.original.peakExcessW),
  },
  {
    id: 'energy',
    header: 'Energy over the limit',
    meta: { align: 'right', from: 'medium' },
    accessorFn: (b) => b.excessWh,
    cell: ({ row }) => energy(row.original.excessWh),
  },
]

/** Profiles of a site with what became of them, the newest first. */
export function Versions({ versions }: { versions: readonly OwnVersion[] }) {
  return (
    <DataTable
      label="Profiles and applications"
      rows={versions}
      columns={versionColumns}
      rowKey={(version) => version.profileId}
      empty="There are no applications yet."
    />
  )
}

/** When a site was over its limit, the latest first. */
export function Breaches({ breaches }: { breaches: readonly OwnBreach[] }) {
  return (
    <DataTable
      label="Times over the limit"
      rows={breaches}
      columns={breachColumns}
      rowKey={(breach) => breach.breachId}
      empty="The site has not been over its limit."
    />
  )
}
