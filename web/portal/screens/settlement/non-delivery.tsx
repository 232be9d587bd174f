import { useQueries, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { DeliveryReport, StatementSummary } from '../../../../schemas/settlement/statements.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { fixed, percent } from '../../../shared/format/power.ts'
import { monthInWords } from '../../../shared/format/time.ts'
import { statementsQuery } from '../../queries.ts'
import { deliveryQuery } from '../../settlement-queries.ts'
import { firstStatements, nonDeliveryInWords, worstFirst } from './delivery.ts'
import { SettlementTabs } from './tabs.tsx'

interface Row extends DeliveryReport {
  statement: StatementSummary
}

const columns: Column<Row>[] = [
  { id: 'fu', header: 'FU', accessorFn: (row) => row.fuName, cell: ({ row }) => row.original.fuName },
  {
    id: 'fsp',
    header: 'FSP',
    meta: { from: 'medium' },
    accessorFn: (row) => row.statement.fspName,
    cell: ({ row }) => row.original.statement.fspName,
  },
  {
    id: 'state',
    header: 'Delivery',
    accessorFn: (row) => row.longestFailure,
    cell: ({ row: { original } }) =>
      original.failedPeriods === 0 ? (
        <Mark word="Delivered" tone="normal" shape="ring" />
      ) : original.longestFailure > 1 ? (
        <Mark word={`Failed ${original.longestFailure} times in a row`} tone="fault" shape="triangle" />
      ) : (
        <Mark word="Failed" tone="risk" shape="diamond" />
      ),
  },
  {
    id: 'instructed',
    header: 'Instructed periods',
    meta: { align: 'right', from: 'wide' },
    accessorFn: (row) => row.instructedPeriods,
    cell: ({ row }) => fixed(row.original.instructedPeriods, 0),
  },
  {
    id: 'failed',
    header: 'Failed',
    meta: { align: 'right', from: 'medium' },
    accessorFn: (row) => row.failedPeriods,
    cell: ({ row: { original } }) => (original.failedPeriods === 0 ? '–' : fixed(original.failedPeriods, 0)),
  },
  {
    id: 'ratio',
    header: 'Mean delivery',
    meta: { align: 'right' },
    accessorFn: (row) => row.meanRatio,
    cell: ({ row: { original } }) => (original.meanRatio === null ? 'not known' : percent(original.meanRatio)),
  },
  {
    id: 'statement',
    header: 'Statement',
    meta: { from: 'medium' },
    accessorFn: (row) => row.statement.number,
    cell: ({ row: { original } }) => (
      <Link
        to="/settlement/$statementId"
        params={{ statementId: original.statement.statementId }}
        search={{ fu: original.fuId }}
      >
        {original.statement.number}
      </Link>
    ),
  },
]

/** Which FUs did not deliver what was instructed in a month, and how often in a row: the ground for a talk with the FSP. */
export function NonDelivery() {
  const query = useQuery(statementsQuery)
  const search = useSearch({ from: '/inside/non-delivery' })
  const navigate = useNavigate({ from: '/non-delivery' })
  const months = [...new Set((query.data ?? []).map((each) => each.month))].sort().reverse()
  const month = search.month ?? months[0]
  return (
    <Page
      title="Settlement"
      subtitle={month ? `Non-delivery in ${monthInWords(month)}` : 'Non-delivery'}
      actions={
        month && (
          <select
            className="rm-select"
            aria-label="Month"
            value={month}
            onChange={(event) => void navigate({ search: { month: event.currentTarget.value } })}
          >
            {months.map((each) => (
              <option key={each} value={each}>
                {monthInWords(each)}
              </option>
            ))}
          </select>
        )
      }
    >
      <SettlementTabs />
      <Loaded query={query}>
        {(statements) => (
          <Reports key={month} statements={firstStatements(statements.filter((each) => each.month === month))} />
        )}
      </Loaded>
    </Page>
  )
}

function Reports({ statements }: { statements: readonly StatementSummary[] }) {
  const answers = useQueries({ queries: statements.map(({ statementId }) => deliveryQuery(statementId)) })
  const rows = useMemo(
    () =>
      worstFirst(
        answers.flatMap((answer, i) => {
          const statement = statements[i]
          return statement ? (answer.data ?? []).map((report) => ({ ...report, statement })) : []
        }),
      ),
    [answers, statements],
  )
  const navigate = useNavigate()
  const failed = answers.find((answer) => answer.isError)
  if (failed) return <Loaded query={failed}>{() => null}</Loaded>
  const words = nonDeliveryInWords(rows)
  return (
    <>
      {rows.length > 0 && <Notice tone={words.tone}>{words.text}</Notice>}
      <Section flush>
        <DataTable
          label="Non-delivery by FU"
          rows={rows}
          columns={columns}
          rowKey={(row) => `${row.statement.statementId} ${row.fuId}`}
          onOpen={({ statement, fuId }) =>
            void navigate({
              to: '/settlement/$statementId',
              params: { statementId: statement.statementId },
              search: { fu: fuId },
            })
          }
          empty={
            statements.length === 0
              ? 'Delivery is judged on statements, and none has been prepared yet.'
              : answers.some((answer) => answer.isPending)
                ? 'Loading…'
                : 'No turn-down was instructed in this month.'
          }
        />
      </Section>
    </>
  )
}
