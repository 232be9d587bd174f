import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { StatementSummary } from '../../../../schemas/settlement/statements.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { count, fixed, gbp, kwhDigits } from '../../../shared/format/power.ts'
import { dayAndTime, monthInWords, utc } from '../../../shared/format/time.ts'
import { statementsQuery } from '../../queries.ts'
import { useOwnFsp, useRefusal } from '../../session.ts'
import { PrepareStatement } from './prepare.tsx'
import { SettlementTabs } from './tabs.tsx'
import { statementStateWords } from './words.ts'

const columns: Column<StatementSummary>[] = [
  {
    id: 'number',
    header: 'Number',
    accessorFn: (statement) => statement.number,
    cell: ({ row: { original } }) => (
      <Link to="/settlement/$statementId" params={{ statementId: original.statementId }}>
        {original.number}
      </Link>
    ),
  },
  {
    id: 'month',
    header: 'Month',
    meta: { from: 'medium' },
    accessorFn: (statement) => statement.month,
    cell: ({ row }) => monthInWords(row.original.month),
  },
  { id: 'fsp', header: 'FSP', accessorFn: (statement) => statement.fspName, cell: ({ row }) => row.original.fspName },
  {
    id: 'product',
    header: 'Product',
    meta: { from: 'medium' },
    accessorFn: (statement) => statement.product,
    cell: ({ row }) => row.original.product,
  },
  {
    id: 'state',
    header: 'State',
    meta: { from: 'medium' },
    accessorFn: (statement) => statement.state,
    cell: ({ row }) => <Mark {...statementStateWords[row.original.state]} />,
  },
  {
    id: 'lines',
    header: 'Lines',
    meta: { align: 'right', from: 'medium' },
    accessorFn: (statement) => statement.lineCount,
    cell: ({ row }) => fixed(row.original.lineCount, 0),
  },
  {
    id: 'delivered',
    header: 'Delivered kWh',
    meta: { align: 'right', from: 'medium' },
    accessorFn: (statement) => statement.deliveredWh,
    cell: ({ row }) => kwhDigits(row.original.deliveredWh),
  },
  {
    id: 'prepared',
    header: 'Prepared',
    meta: { align: 'right', from: 'medium' },
    accessorFn: (statement) => Date.parse(statement.preparedAt),
    cell: ({ row: { original } }) => (
      <time title={`${utc(original.preparedAt)}, ${original.preparedBy}`}>{dayAndTime(original.preparedAt)}</time>
    ),
  },
  {
    id: 'total',
    header: 'Total',
    meta: { align: 'right' },
    accessorFn: (statement) => Number(statement.totalGbp),
    cell: ({ row }) => <strong>{gbp(row.original.totalGbp)}</strong>,
  },
]

/** All statements, latest month first. */
export function Statements() {
  const query = useQuery(statementsQuery)
  const navigate = useNavigate()
  const refusal = useRefusal('settlement')
  const isFsp = useOwnFsp() !== null
  const [preparing, setPreparing] = useState(false)
  return (
    <Page
      title="Settlement"
      subtitle={query.data && count(query.data.length, 'statement')}
      actions={
        isFsp ? null : (
          <Button
            variant="filled"
            disabled={refusal !== null}
            title={refusal ?? undefined}
            onClick={() => setPreparing(true)}
          >
            Prepare a statement
          </Button>
        )
      }
    >
      <SettlementTabs />
      <Loaded query={query}>
        {(statements) => (
          <Section flush>
            <DataTable
              label="Statements"
              rows={statements}
              columns={columns}
              rowKey={(statement) => statement.statementId}
              onOpen={({ statementId }) => void navigate({ to: '/settlement/$statementId', params: { statementId } })}
              empty={isFsp ? 'No statement has been issued to you yet.' : 'No statement has been prepared yet.'}
            />
          </Section>
        )}
      </Loaded>
      <PrepareStatement opened={preparing} onClose={() => setPreparing(false)} />
    </Page>
  )
}
