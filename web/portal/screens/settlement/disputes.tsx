import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { operations } from '../../../../schemas/operations.ts'
import type { Dispute, Statement } from '../../../../schemas/settlement/statements.ts'
import { api } from '../../../shared/api/client.ts'
import { Mark } from '../../../shared/components/mark.tsx'
import { ProblemNotice } from '../../../shared/components/notice.tsx'
import { Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { dayAndTime } from '../../../shared/format/time.ts'
import { useOwnFsp, useRefusal } from '../../session.ts'
import { disputesQuery } from '../../settlement-queries.ts'
import styles from './disputes.module.css'
import { disputeWords } from './words.ts'

function useChange<T>(change: (given: T) => Promise<Dispute>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSettled: () =>
      queries.invalidateQueries({ predicate: ({ meta }) => meta?.topics?.includes('settlement') ?? false }),
  })
}

/** What is disputed about a statement, with reasons and outcomes; a dispute is raised and decided here. */
export function Disputes({ statement, lineNumber }: { statement: Statement; lineNumber: number | undefined }) {
  const query = useQuery(disputesQuery(statement.statementId))
  return (
    <Section title="Disputes">
      <Loaded query={query}>
        {(disputes) => (
          <ul className={styles.list}>
            {disputes.map((dispute) => (
              <li key={dispute.disputeId}>
                <Item dispute={dispute} />
              </li>
            ))}
          </ul>
        )}
      </Loaded>
      <Raise statement={statement} lineNumber={lineNumber} />
    </Section>
  )
}

function Item({ dispute }: { dispute: Dispute }) {
  const isFsp = useOwnFsp() !== null
  return (
    <div className={styles.item}>
      <span className={styles.head}>
        <Mark {...disputeWords[dispute.state]} />
        <strong>{dispute.lineNumber === null ? 'The whole statement' : `Line ${dispute.lineNumber}`}</strong>
        <span className="rm-secondary">
          {dispute.raisedBy}, {dayAndTime(dispute.raisedAt)}
        </span>
      </span>
      <span>{dispute.reason}</span>
      {dispute.outcome && (
        <span className="rm-secondary">
          {dispute.outcome} ({dispute.decidedBy}, {dispute.decidedAt && dayAndTime(dispute.decidedAt)})
        </span>
      )}
      {dispute.state === 'open' && !isFsp && <Decide dispute={dispute} />}
    </div>
  )
}

const outcomes = ['upheld', 'rejected', 'withdrawn'] as const

function Decide({ dispute }: { dispute: Dispute }) {
  const refusal = useRefusal('settlement')
  const [state, setState] = useState<(typeof outcomes)[number]>('upheld')
  const [outcome, setOutcome] = useState('')
  const decide = useChange((_: null) =>
    api.call(operations.decideOnDispute, {
      params: { id: dispute.disputeId },
      body: { state, outcome: outcome.trim() },
    }),
  )
  return (
    <>
      <span className={styles.row}>
        <select
          className="rm-select"
          aria-label="Decision"
          value={state}
          onChange={(event) => setState(outcomes.find((each) => each === event.currentTarget.value) ?? 'upheld')}
        >
          {outcomes.map((each) => (
            <option key={each} value={each}>
              {disputeWords[each].word}
            </option>
          ))}
        </select>
        <input
          className="rm-select"
          aria-label="Reason for the decision"
          placeholder="Reason for the decision"
          value={outcome}
          onChange={(event) => setOutcome(event.currentTarget.value)}
        />
        <Button
          disabled={refusal !== null || outcome.trim().length < 3}
          title={refusal ?? undefined}
          loading={decide.isPending}
          onClick={() => decide.mutate(null)}
        >
          Decide
        </Button>
      </span>
      {decide.isError && <ProblemNotice error={decide.error} />}
    </>
  )
}

function Raise({ statement, lineNumber }: { statement: Statement; lineNumber: number | undefined }) {
  const [reason, setReason] = useState('')
  const raise = useChange((_: null) =>
    api.call(operations.raiseDispute, {
      params: { id: statement.statementId },
      body: { lineNumber: lineNumber ?? null, reason: reason.trim() },
    }),
  )
  const what = lineNumber === undefined ? 'the whole statement' : `line ${lineNumber}`
  return (
    <>
      <span className={styles.row}>
        <input
          className="rm-select"
          aria-label="What is disputed, and why"
          placeholder={`Why ${what} is disputed`}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Button
          disabled={reason.trim().length < 3}
          loading={raise.isPending}
          onClick={() => raise.mutate(null, { onSuccess: () => setReason('') })}
        >
          Dispute {what}
        </Button>
      </span>
      {raise.isError && <ProblemNotice error={raise.error} />}
    </>
  )
}
