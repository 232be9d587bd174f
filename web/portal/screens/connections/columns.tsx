import { Link } from '@tanstack/react-router'
import type { ConnectionSummary } from '../../../../schemas/grid/connections.ts'
import type { Column } from '../../../shared/components/data-table.tsx'
import { LoadBar } from '../../../shared/components/load-bar.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { MeasuredPower } from '../../../shared/components/measured.tsx'
import { kwDigits } from '../../../shared/format/power.ts'
import { complianceWords, linkWords } from '../../../shared/format/words.ts'
import { urgencyOf } from './summaries.ts'

/** Columns of every list of sites. */
export const siteColumns: Column<ConnectionSummary>[] = [
  {
    id: 'name',
    header: 'Site',
    accessorFn: (site) => site.name,
    cell: ({ row }) => (
      <Link to="/connections/$connectionId" params={{ connectionId: row.original.connectionId }}>
        {row.original.name}
      </Link>
    ),
  },
  {
    id: 'state',
    header: 'Import',
    accessorFn: urgencyOf,
    cell: ({ row }) => <Mark {...complianceWords[row.original.state]} />,
  },
  {
    id: 'import',
    header: 'Measured',
    meta: { align: 'right' },
    accessorFn: (site) => site.import?.importW ?? null,
    cell: ({ row }) => <MeasuredPower given={row.original.import} />,
  },
  {
    id: 'load',
    header: 'Load against limit',
    meta: { from: 'medium' },
    accessorFn: (site) => (site.import ? site.import.importW / site.limitW : null),
    cell: ({ row: { original: site } }) => (
      <LoadBar loadW={site.import?.importW ?? null} limitW={site.limitW} state={site.state} />
    ),
  },
  {
    id: 'limit',
    header: 'Limit kW',
    meta: { align: 'right', from: 'medium' },
    accessorFn: (site) => site.limitW,
    cell: ({ row }) => kwDigits(row.original.limitW),
  },
  {
    id: 'headroom',
    header: 'Headroom kW',
    meta: { align: 'right', from: 'medium' },
    accessorFn: (site) => (site.import ? site.limitW - site.import.importW : null),
    cell: ({ row: { original: site } }) =>
      site.import && !site.import.stale ? kwDigits(site.limitW - site.import.importW) : '–',
  },
  {
    id: 'turn-down',
    header: 'Turn-down kW',
    meta: { align: 'right', from: 'wide' },
    accessorFn: (site) => site.turnDownW ?? 0,
    cell: ({ row }) => (row.original.turnDownW === null ? '–' : kwDigits(row.original.turnDownW)),
  },
  {
    id: 'hub',
    header: 'Hub',
    meta: { from: 'medium' },
    accessorFn: (site) => site.hubLink,
    cell: ({ row }) => (row.original.hubLink ? <Mark {...linkWords[row.original.hubLink]} /> : 'No hub'),
  },
  {
    id: 'alarms',
    header: 'Alarms',
    meta: { align: 'right', from: 'medium' },
    accessorFn: (site) => site.openAlarms,
    cell: ({ row }) => (row.original.openAlarms === 0 ? '–' : row.original.openAlarms),
  },
]
