import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Authority } from '../../../../../schemas/market/authorities.ts'
import { operations } from '../../../../../schemas/operations.ts'
import { api } from '../../../../shared/api/client.ts'
import { useToday } from '../../../../shared/clock.ts'
import { PanelPart } from '../../../../shared/components/side-panel.tsx'
import { TwoStep } from '../../../../shared/components/two-step.tsx'
import { dayInWords } from '../../../../shared/format/time.ts'
import { useOwnFsp, useRefusal } from '../../../session.ts'

/** Ends an authority on a day: the DNO’s people any, an FSP’s its own from today on. */
export function AuthorityEndForm({ authority }: { authority: Authority }) {
  const [until, setUntil] = useState(useToday())
  const [reason, setReason] = useState('')
  const queries = useQueryClient()
  const isFsp = useOwnFsp() !== null
  const refusal = useRefusal('planner', 'flexibility-engineer')
  const end = useMutation({
    mutationFn: () =>
      api.call(operations.endAuthority, {
        params: { id: authority.authorityId },
        body: { until, reason: reason.trim() },
      }),
    onSettled: () => queries.invalidateQueries({ predicate: ({ meta }) => meta?.topics?.includes('market') ?? false }),
  })
  const missing = reason.trim().length < 3 || until === '' ? 'State the day and the reason.' : null
  return (
    <PanelPart title="End">
      <label>
        First day without it{' '}
        <input
          type="date"
          className="rm-select"
          value={until}
          onChange={(event) => setUntil(event.currentTarget.value)}
        />
      </label>
      <input
        className="rm-select"
        aria-label="Reason for the end"
        placeholder="Reason"
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <span>
        <TwoStep
          label="End the authority"
          consequence={`From ${until === '' ? '' : dayInWords(until)} the FSP can no longer read or upload meter data behind ${authority.mpan}, it receives no limits for it, and its FUs there are out of service.`}
          refusal={(isFsp ? null : refusal) ?? missing}
          action={end}
        />
      </span>
    </PanelPart>
  )
}
