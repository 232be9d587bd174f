import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { operations } from '../../../../../schemas/operations.ts'
import { api } from '../../../../shared/api/client.ts'
import { Field } from '../../../../shared/components/fields.tsx'
import { Mark } from '../../../../shared/components/mark.tsx'
import { ProblemNotice } from '../../../../shared/components/notice.tsx'
import { PanelFacts, PanelPart, SidePanel } from '../../../../shared/components/side-panel.tsx'
import { dayAndTime } from '../../../../shared/format/time.ts'
import { importLimitQuery } from '../../../dispatch-queries.ts'
import { useRefusal } from '../../../session.ts'
import { ExchangeEvents } from '../exchange.tsx'
import type { LimitRecord } from './import-limits.tsx'
import { limitCauseWords, limitInWords, limitStateWords } from './words.ts'

interface LimitPanelProps {
  limit: LimitRecord
  site: string
  fsp: string
  onClose: () => void
}

/** One limit: what it says, every sending, and what the FSP answered another way. */
export function LimitPanel({ limit, site, fsp, onClose }: LimitPanelProps) {
  const { limitId, connectionId, cause, state, issuedAt, validUntil, acknowledgedAt, reason } = limit
  const attempts = useQuery(importLimitQuery(limitId)).data?.attempts ?? limit.attempts
  return (
    <SidePanel title={`${site}, ${dayAndTime(issuedAt)}`} onClose={onClose}>
      <Mark {...limitStateWords[state]} />
      {reason && <span>{reason}</span>}
      <PanelPart title="The limit">
        <PanelFacts
          items={[
            ['May import', limitInWords(limit)],
            ['Cause', limitCauseWords[cause]],
            ['FSP', fsp],
            ['Valid until', dayAndTime(validUntil)],
            ['Acknowledged', acknowledgedAt ? dayAndTime(acknowledgedAt) : 'no'],
            [
              'Connection',
              <Link key="site" to="/connections/$connectionId" params={{ connectionId }}>
                {site}
              </Link>,
            ],
          ]}
        />
      </PanelPart>
      <ExchangeEvents events={attempts.map(({ at, outcome }) => ({ at, text: `Sent: ${outcome}` }))} />
      {(state === 'sent' || state === 'unknown') && <Confirmation limitId={limitId} />}
    </SidePanel>
  )
}

/** Records that an FSP accepted the limit by telephone or e-mail: from then on it is like any other. */
function Confirmation({ limitId }: { limitId: string }) {
  const [note, setNote] = useState('')
  const [tried, setTried] = useState(false)
  const queries = useQueryClient()
  const refusal = useRefusal('flexibility-engineer', 'operator')
  const confirm = useMutation({
    mutationFn: () => api.call(operations.confirmImportLimit, { params: { id: limitId }, body: { note: note.trim() } }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['import-limits'] }),
  })
  const isTooShort = note.trim().length < 3
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!isTooShort) confirm.mutate()
  }
  return (
    <PanelPart title="Accepted another way">
      <form onSubmit={onSubmit} noValidate style={{ display: 'grid', gap: 8 }}>
        <Field
          label="Who accepted it, and how"
          maxLength={500}
          value={note}
          fault={tried && isTooShort ? 'Say who accepted it, such as: duty desk, by telephone.' : null}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        {confirm.isError && <ProblemNotice error={confirm.error} />}
        <span>
          <Button type="submit" disabled={refusal !== null} title={refusal ?? undefined} loading={confirm.isPending}>
            Record
          </Button>
        </span>
      </form>
    </PanelPart>
  )
}
