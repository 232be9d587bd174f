import { Link } from '@tanstack/react-router'
import type { ExperimentReport } from '../../../../schemas/dispatch/experiments.ts'
import type { Scenario } from '../../../../schemas/dispatch/rehearsals.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { fixed, percent, turn } from '../../../shared/format/power.ts'
import { dayAndTime, dayInWords, dayOf, timeOfDay } from '../../../shared/format/time.ts'
import { instructionWords } from '../../../shared/format/words.ts'
import { limitCauseWords, limitStateWords } from '../dispatch/limits/words.ts'

type Given = { report: ExperimentReport }
type Row<K extends 'measured' | 'instructions' | 'limits' | 'rehearsals' | 'changes'> = ExperimentReport[K][number]

const measured: Column<Row<'measured'>>[] = [
  { id: 'depot', header: 'Depot', accessorFn: ({ name }) => name, cell: ({ row }) => row.original.name },
  {
    id: 'measured',
    header: 'Measured',
    meta: { align: 'right' },
    accessorFn: (row) => row.measured,
    cell: ({ row: { original } }) => `${fixed(original.measured, 0)} of ${fixed(original.halfHours, 0)}`,
  },
  {
    id: 'share',
    header: 'Share',
    meta: { align: 'right' },
    accessorFn: (row) => row.measured / row.halfHours,
    cell: ({ row: { original } }) => percent(original.measured / original.halfHours),
  },
]

/** How completely its depots were measured, the least first. */
export function Measured({ report }: Given) {
  return (
    <DataTable
      label="Measured half-hours"
      rows={report.measured}
      columns={measured}
      rowKey={({ connectionId }) => connectionId}
      empty="None of its days is over yet, or it has no depot."
    />
  )
}

const dispatches: Column<Row<'instructions'>>[] = [
  {
    id: 'from',
    header: 'From',
    accessorFn: ({ from }) => from,
    cell: ({ row: { original } }) => (
      <Link to="/instructions" search={{ day: dayOf(original.from), instruction: original.instructionId }}>
        {dayAndTime(original.from)} to {timeOfDay(original.to)}
      </Link>
    ),
  },
  { id: 'fu', header: 'FU', accessorFn: ({ fuName }) => fuName, cell: ({ row }) => row.original.fuName },
  {
    id: 'product',
    header: 'Product',
    meta: { from: 'wide' },
    accessorFn: ({ product }) => product,
    cell: ({ row }) => row.original.product,
  },
  {
    id: 'turn',
    header: 'Turn-down',
    meta: { align: 'right', from: 'medium' },
    accessorFn: ({ turnDownW }) => turnDownW,
    cell: ({ row }) => turn(row.original.turnDownW),
  },
  {
    id: 'state',
    header: 'State',
    accessorFn: ({ state }) => state,
    cell: ({ row }) => <Mark {...instructionWords[row.original.state]} />,
  },
]

/** Instructions to its FUs. */
export function Dispatches({ report }: Given) {
  return (
    <DataTable
      label="Dispatches"
      rows={report.instructions}
      columns={dispatches}
      rowKey={({ instructionId }) => instructionId}
      empty="No FU was instructed in its days."
    />
  )
}

const limits: Column<Row<'limits'>>[] = [
  {
    id: 'issued',
    header: 'Issued',
    accessorFn: ({ issuedAt }) => issuedAt,
    cell: ({ row: { original } }) => (
      <Link to="/import-limits" search={{ connection: original.connectionId, limit: original.limitId }}>
        {dayAndTime(original.issuedAt)}
      </Link>
    ),
  },
  {
    id: 'depot',
    header: 'Depot',
    accessorFn: ({ connectionName }) => connectionName,
    cell: ({ row }) => row.original.connectionName,
  },
  {
    id: 'cause',
    header: 'Cause',
    meta: { from: 'medium' },
    accessorFn: ({ cause }) => cause,
    cell: ({ row }) => limitCauseWords[row.original.cause],
  },
  {
    id: 'state',
    header: 'State',
    accessorFn: ({ state }) => state,
    cell: ({ row }) => <Mark {...limitStateWords[row.original.state]} />,
  },
]

/** Import limits that FSPs were sent for its depots. */
export function Limits({ report }: Given) {
  return (
    <DataTable
      label="Import limits"
      rows={report.limits}
      columns={limits}
      rowKey={({ limitId }) => limitId}
      empty="No FSP was sent a limit for its depots in its days."
    />
  )
}

const scenarioWords: Record<Scenario, string> = { afternoon: 'Afternoon', evening: 'Evening', overnight: 'Overnight' }

const rehearsals: Column<Row<'rehearsals'>>[] = [
  {
    id: 'day',
    header: 'For',
    accessorFn: ({ tradingDay }) => tradingDay,
    cell: ({ row: { original } }) =>
      `${dayInWords(original.tradingDay)}, ${scenarioWords[original.scenario].toLowerCase()}`,
  },
  {
    id: 'network',
    header: 'On',
    accessorFn: ({ pseudoNetwork }) => pseudoNetwork,
    cell: ({ row }) => row.original.pseudoNetwork,
  },
  {
    id: 'started',
    header: 'Rehearsed',
    meta: { from: 'medium' },
    accessorFn: ({ startedAt }) => startedAt,
    cell: ({ row: { original } }) => `${dayAndTime(original.startedAt)} by ${original.startedBy}`,
  },
  {
    id: 'adopted',
    header: 'Adopted',
    meta: { align: 'right' },
    accessorFn: ({ adoptedAt }) => adoptedAt ?? '',
    cell: ({ row: { original } }) => (original.adoptedAt === null ? 'no' : dayAndTime(original.adoptedAt)),
  },
]

/** Rehearsals for its days with its FUs. */
export function Rehearsals({ report }: Given) {
  return (
    <DataTable
      label="Rehearsals"
      rows={report.rehearsals}
      columns={rehearsals}
      rowKey={({ rehearsalId }) => rehearsalId}
      empty="Nothing was rehearsed for its days."
    />
  )
}

const changes: Column<Row<'changes'>>[] = [
  { id: 'at', header: 'When', accessorFn: ({ at }) => at, cell: ({ row }) => dayAndTime(row.original.at) },
  { id: 'by', header: 'By', accessorFn: ({ by }) => by, cell: ({ row }) => row.original.by },
  { id: 'what', header: 'What', accessorFn: ({ action }) => action, cell: ({ row }) => row.original.action },
  {
    id: 'subject',
    header: 'At',
    meta: { from: 'medium' },
    accessorFn: ({ subject }) => subject,
    cell: ({ row }) => row.original.subject,
  },
]

/** What people did meanwhile to its depots and FUs, from the audit trail. */
export function Changes({ report }: Given) {
  return (
    <DataTable
      label="Changes"
      rows={report.changes}
      columns={changes}
      rowKey={({ at, action, subject }) => `${at} ${action} ${subject}`}
      empty="Nobody changed anything at its depots and FUs in its days."
    />
  )
}
