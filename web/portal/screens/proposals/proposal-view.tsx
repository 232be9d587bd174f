import { Textarea } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { FieldChange, Proposal } from '../../../../schemas/access/proposals.ts'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { Notice } from '../../../shared/components/notice.tsx'
import { TwoStep } from '../../../shared/components/two-step.tsx'
import { count } from '../../../shared/format/power.ts'
import { dayAndTime } from '../../../shared/format/time.ts'
import { waitingQuery } from '../../proposal-queries.ts'
import styles from './proposal-view.module.css'
import { changeWords } from './words.ts'

/** The most changes that are shown; a point map may have thousands. */
const shown = 40

/** A change that waits: what it would alter, and the decision on it. */
export function ProposalView({ proposal }: { proposal: Proposal }) {
  const { changes } = proposal
  return (
    <div className={styles.view}>
      <span className="rm-secondary">
        Proposed by {proposal.proposedBy}, {dayAndTime(proposal.proposedAt)}
      </span>
      <Changes operation={proposal.operation} changes={changes} />
      <Decision proposal={proposal} />
    </div>
  )
}

/** What was changed, or would be, field by field. @param operation whose names of fields they are */
export function Changes({ operation, changes }: { operation: string; changes: readonly FieldChange[] }) {
  return (
    <>
      <dl className={styles.changes}>
        {changes.slice(0, shown).map((change) => (
          <ChangeRow key={change.field} operation={operation} change={change} />
        ))}
      </dl>
      {changes.length > shown && <span>and {count(changes.length - shown, 'more change')}</span>}
    </>
  )
}

function ChangeRow({ operation, change }: { operation: string; change: FieldChange }) {
  return (
    <>
      <dt>{changeWords(operation, change.field)}</dt>
      <dd>
        {inWords(change.before)} → <strong>{inWords(change.after)}</strong>
      </dd>
    </>
  )
}

const inWords = (value: FieldChange['before']) => (value === null || value === '' ? 'none' : String(value))

function useDecision(decide: () => Promise<Proposal>) {
  const queries = useQueryClient()
  // An approval carries something out: whatever is on the screen may have changed.
  return useMutation({ mutationFn: decide, onSettled: () => queries.invalidateQueries() })
}

function Decision({ proposal }: { proposal: Proposal }) {
  const [reason, setReason] = useState('')
  const of = { params: { id: proposal.proposalId }, version: proposal.version }
  const approve = useDecision(() => api.call(operations.approveProposal, { ...of, body: {} }))
  const reject = useDecision(() => api.call(operations.rejectProposal, { ...of, body: { reason: reason.trim() } }))
  const withdraw = useDecision(() => api.call(operations.withdrawProposal, of))
  if (proposal.isOwn)
    return (
      <span className={styles.actions}>
        <TwoStep
          label="Withdraw"
          refusal={null}
          action={withdraw}
          consequence={`Withdraws “${proposal.title}”: everything stays as it is.`}
        />
      </span>
    )
  if (!proposal.mayApprove)
    return <span className="rm-secondary">Someone with the right to approve this decides on it.</span>
  return (
    <span className={styles.actions}>
      <TwoStep
        label="Reject"
        refusal={null}
        action={reject}
        consequence={
          <Textarea
            size="sm"
            label={`Reason, shown to ${proposal.proposedBy}`}
            autosize
            minRows={2}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        }
      />
      <TwoStep
        primary
        label="Approve"
        refusal={null}
        action={approve}
        consequence={`“${proposal.title}” comes into force at once.`}
      />
    </span>
  )
}

interface WaitingForProps {
  subjectId: string
  /** The operation whose proposals are meant; all of them if it is left out. */
  operation?: keyof typeof operations
}

/** What waits for a second person about one thing, where it is shown; nothing if nothing does. */
export function WaitingFor({ subjectId, operation }: WaitingForProps) {
  const waiting = (useQuery(waitingQuery).data ?? []).filter(
    (each) => each.subject.id === subjectId && (operation === undefined || each.operation === operation),
  )
  return waiting.map((each) => (
    <Notice key={each.proposalId} tone="risk" title="Waiting for a second person">
      <p>{each.title}</p>
      <ProposalView proposal={each} />
    </Notice>
  ))
}
