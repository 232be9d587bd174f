import { useMutation, useQueryClient } from '@tanstack/react-query'
import { operations } from '../../../../schemas/operations.ts'
import type { Statement, StatementEvent } from '../../../../schemas/settlement/statements.ts'
import { api } from '../../../shared/api/client.ts'
import { useSession } from '../../../shared/api/session.ts'
import { TwoStep } from '../../../shared/components/two-step.tsx'
import { count, gbp } from '../../../shared/format/power.ts'
import { useRefusal } from '../../session.ts'
import { eventWords, isUnpaid } from './words.ts'

function useStep({ statementId, version }: Statement, event: StatementEvent) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => api.call(operations.moveStatement, { params: { id: statementId }, body: { event }, version }),
    onSettled: () =>
      queries.invalidateQueries({ predicate: ({ meta }) => meta?.topics?.includes('settlement') ?? false }),
  })
}

const nextEvents: Record<Statement['state'], StatementEvent[]> = {
  draft: ['check'],
  checked: ['return', 'approve'],
  approved: ['return', 'issue'],
  issued: [],
}

/** The steps that a statement can take next; approval is another person's. */
export function StatementActions({ statement }: { statement: Statement }) {
  return nextEvents[statement.state].map((event) => <Step key={event} statement={statement} event={event} />)
}

function Step({ statement, event }: { statement: Statement; event: StatementEvent }) {
  const refusal = useRefusal('settlement')
  const me = useSession()?.username
  const action = useStep(statement, event)
  const isOwn = me !== undefined && [statement.preparedBy, statement.checkedBy].includes(me)
  const second =
    event === 'approve' && isOwn ? 'You prepared or checked this yourself: another person has to approve it.' : null
  return (
    <TwoStep
      primary={event !== 'return'}
      label={eventWords[event]}
      refusal={refusal ?? second}
      action={action}
      consequence={consequenceOf(statement, event)}
    />
  )
}

function consequenceOf(statement: Statement, event: StatementEvent): string {
  const what = `${gbp(statement.totalGbp)} in ${count(statement.lineCount, 'line')} for ${statement.fspName}`
  const unpaid = statement.lines.filter(isUnpaid).length
  if (event === 'check')
    return `States that ${what} has been checked${unpaid > 0 ? `; ${count(unpaid, 'line')} unpaid because data or service is missing` : ''}. Another person approves it.`
  if (event === 'approve') return `Approves ${what}.`
  if (event === 'issue')
    return `Issues ${what}: the FSP sees it, and it never changes again. Late data leads to a delta statement.`
  return `Makes ${statement.number} a draft again, so that it can be prepared again.`
}
