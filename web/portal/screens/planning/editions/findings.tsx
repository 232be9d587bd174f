import type { DemandEdition } from '../../../../../schemas/planning/demand-editions.ts'
import { type Column, DataTable } from '../../../../shared/components/data-table.tsx'
import { fixed } from '../../../../shared/format/power.ts'
import { anomalyInWords } from './edition-words.ts'

type Anomaly = DemandEdition['anomalies'][number]
type Row = Anomaly & { place: number }

const columns: Column<Row>[] = [
  {
    id: 'kind',
    header: 'Finding',
    accessorFn: (row) => row.kind,
    cell: ({ row }) => anomalyInWords(row.original.kind),
  },
  { id: 'subject', header: 'Of', accessorFn: (row) => row.subject, cell: ({ row }) => row.original.subject },
  {
    id: 'detail',
    header: 'What it is',
    meta: { wrap: true },
    accessorFn: (row) => row.detail,
    cell: ({ row }) => row.original.detail,
  },
]

/** What a person should look at in a file that was read without errors. */
export function Findings({ anomalies }: Pick<DemandEdition, 'anomalies'>) {
  const rows = anomalies.map((anomaly, place) => ({ ...anomaly, place }))
  return (
    <DataTable
      label="Findings"
      rows={rows}
      columns={columns}
      rowKey={({ place }) => String(place)}
      empty="There are none."
    />
  )
}

/** Their heading, which says where only the first are named. */
export function findingsTitle({ anomalies, anomalyCount }: Pick<DemandEdition, 'anomalies' | 'anomalyCount'>): string {
  if (anomalyCount <= anomalies.length) return 'Findings'
  return `Findings, the first ${fixed(anomalies.length, 0)} of ${fixed(anomalyCount, 0)}`
}
