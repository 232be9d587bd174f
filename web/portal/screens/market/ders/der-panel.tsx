import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { Der, FlexibleUnit } from '../../../../../schemas/market/parties.ts'
import { operations } from '../../../../../schemas/operations.ts'
import { ApiProblem, api } from '../../../../shared/api/client.ts'
import { useToday } from '../../../../shared/clock.ts'
import { Choice, Field } from '../../../../shared/components/fields.tsx'
import { ProblemNotice } from '../../../../shared/components/notice.tsx'
import { PanelFacts, PanelPart, SidePanel } from '../../../../shared/components/side-panel.tsx'
import { TwoStep } from '../../../../shared/components/two-step.tsx'
import { kw } from '../../../../shared/format/power.ts'
import { addDays, dayInWords } from '../../../../shared/format/time.ts'
import { day } from '../../../../shared/search.ts'
import { flexibleUnitsQuery } from '../../../queries.ts'
import { useOwnFsp } from '../../../session.ts'
import { ConsentFields } from './consent-fields.tsx'
import { consentFaults, readConsent } from './draft.ts'
import { consentInWords, derKinds } from './words.ts'

interface DerPanelProps {
  der: Der
  /** The FU that it counts in today. */
  unit: FlexibleUnit | undefined
  fspName: string
  onClose: () => void
}

/** One DER: where it is, its owner’s consent, and for its FSP the way to another FU. */
export function DerPanel({ der, unit, fspName, onClose }: DerPanelProps) {
  const isFsp = useOwnFsp() !== null
  return (
    <SidePanel title={der.name} onClose={onClose}>
      <PanelFacts
        items={[
          ['Kind', derKinds[der.kind]],
          ['MPAN', der.mpan],
          ['Rated', kw(der.ratedW)],
          ...(fspName ? [['FSP', fspName] as const] : []),
          ['FU today', unit?.name ?? 'none'],
          ...(der.consent
            ? [['Consent', consentInWords(der.consent)] as const, ['Shown by', der.consent.reference] as const]
            : [['Consent', 'not recorded, as for the FSP’s own assets'] as const]),
        ]}
      />
      {isFsp && <ConsentForm key={JSON.stringify(der.consent)} der={der} />}
      {isFsp && <MoveForm key={unit?.fuId ?? ''} der={der} unit={unit} />}
    </SidePanel>
  )
}

/** What refreshes after a change of a DER. */
function useMarketRefresh() {
  const queries = useQueryClient()
  return () => queries.invalidateQueries({ predicate: ({ meta }) => meta?.topics?.includes('market') ?? false })
}

/** Records the consent of a DER’s owner, or the day on which it ends. */
function ConsentForm({ der: { derId, consent } }: { der: Der }) {
  const today = useToday()
  const [draft, setDraft] = useState({
    reference: consent?.reference ?? '',
    from: consent?.from ?? today,
    until: consent?.until ?? '',
  })
  const [tried, setTried] = useState(false)
  const refresh = useMarketRefresh()
  const record = useMutation({
    mutationFn: () => api.call(operations.recordConsent, { params: { id: derId }, body: readConsent(draft) }),
    onSuccess: refresh,
  })
  const faults = consentFaults(draft)
  const refused = record.error instanceof ApiProblem ? (record.error.problem.errors ?? []) : []
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (Object.keys(faults).length === 0) record.mutate()
  }
  return (
    <PanelPart title="Consent of its owner">
      <form onSubmit={onSubmit} noValidate style={{ display: 'grid', gap: 12, containerType: 'inline-size' }}>
        <ConsentFields
          draft={draft}
          fault={(field) => (tried ? faults[field] : undefined)}
          set={(change) => setDraft((before) => ({ ...before, ...change }))}
        />
        <span className="rm-secondary">
          On days without it the DER does not count in its FU. Days that have begun stay.
        </span>
        {record.isError && <ProblemNotice error={record.error} />}
        {refused.length === 0 && record.isSuccess && <span role="status">Recorded.</span>}
        <span>
          <Button type="submit" loading={record.isPending}>
            Record the consent
          </Button>
        </span>
      </form>
    </PanelPart>
  )
}

/** Moves a DER into an FU, into another, or out of its FU, from a later day on. */
function MoveForm({ der, unit }: { der: Der; unit: FlexibleUnit | undefined }) {
  const tomorrow = addDays(useToday(), 1)
  const units = useQuery(flexibleUnitsQuery).data ?? []
  const others = units.filter(({ fuId }) => fuId !== unit?.fuId)
  const [fuId, setFuId] = useState('')
  const [from, setFrom] = useState(tomorrow)
  const refresh = useMarketRefresh()
  const move = useMutation<unknown, Error, void>({
    mutationFn: () => api.call(operations.moveDer, { params: { id: der.derId }, body: { fuId: fuId || null, from } }),
    onSuccess: refresh,
  })
  const target = units.find((each) => each.fuId === fuId)
  const nowhere = fuId === '' && !unit ? 'It is in no FU: choose one.' : null
  const missing = day(from) === undefined ? 'Choose a day.' : nowhere
  return (
    <PanelPart title="Move it">
      <div style={{ display: 'grid', gap: 12, containerType: 'inline-size' }}>
        <Choice label="To" value={fuId} onChange={(event) => setFuId(event.currentTarget.value)}>
          <option value="">no FU</option>
          {others.map((each) => (
            <option key={each.fuId} value={each.fuId}>
              {each.name}
            </option>
          ))}
        </Choice>
        <Field label="From" type="date" value={from} onChange={(event) => setFrom(event.currentTarget.value)} />
        <span>
          <TwoStep
            label="Move the DER"
            refusal={missing}
            action={move}
            consequence={`From ${day(from) ? dayInWords(from) : 'a day'} on ${der.name} with its ${kw(der.ratedW)} ${target ? `counts in ${target.name}` : 'counts in no FU'}${unit ? `; until then in ${unit.name}` : ''}. Days that are over stay as they were, because they are settled with the DERs that they had.`}
          />{' '}
          {move.isSuccess && <span role="status">Moved.</span>}
        </span>
      </div>
    </PanelPart>
  )
}
