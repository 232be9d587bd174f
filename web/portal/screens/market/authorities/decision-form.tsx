import { Button, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Authority, AuthorityDecision } from '../../../../../schemas/market/authorities.ts'
import { operations } from '../../../../../schemas/operations.ts'
import { api } from '../../../../shared/api/client.ts'
import { ProblemNotice } from '../../../../shared/components/notice.tsx'
import { PanelPart } from '../../../../shared/components/side-panel.tsx'
import { useRefusal } from '../../../session.ts'

/** Approves an application, with the day of the handover where another FSP holds the MPAN, or refuses it with a reason. */
export function AuthorityDecisionForm({ authority }: { authority: Authority }) {
  const { authorityId, from, atDno } = authority
  const isHeld = (atDno?.clashes.length ?? 0) > 0
  const [handOverOn, setHandOverOn] = useState(from)
  const [reason, setReason] = useState('')
  const queries = useQueryClient()
  const refusal = useRefusal('planner', 'flexibility-engineer')
  const decide = useMutation({
    mutationFn: (body: AuthorityDecision) =>
      api.call(operations.decideOnAuthority, { params: { id: authorityId }, body }),
    onSettled: () => queries.invalidateQueries({ predicate: ({ meta }) => meta?.topics?.includes('market') ?? false }),
  })
  const busy = decide.isPending || refusal !== null
  return (
    <PanelPart title="Decision">
      {isHeld && (
        <label>
          Hand over on{' '}
          <input
            type="date"
            className="rm-select"
            min={from}
            value={handOverOn}
            onChange={(event) => setHandOverOn(event.currentTarget.value)}
          />
        </label>
      )}
      <Textarea
        size="sm"
        label="Reason for a refusal"
        autosize
        minRows={2}
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      {decide.isError && <ProblemNotice error={decide.error} />}
      {refusal && <span className="rm-secondary">{refusal}</span>}
      <span style={{ display: 'flex', gap: 8 }}>
        <Button
          variant="filled"
          disabled={busy || atDno?.connection === null || (isHeld && handOverOn === '')}
          onClick={() => decide.mutate({ decision: 'approve', ...(isHeld ? { handOverOn } : {}) })}
        >
          Approve
        </Button>
        <Button
          disabled={busy || reason.trim().length < 3}
          onClick={() => decide.mutate({ decision: 'refuse', reason: reason.trim() })}
        >
          Refuse
        </Button>
      </span>
    </PanelPart>
  )
}
