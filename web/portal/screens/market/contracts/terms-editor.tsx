import { Button, Checkbox } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { Contract } from '../../../../../schemas/market/contracts.ts'
import { operations } from '../../../../../schemas/operations.ts'
import { baselineMethod } from '../../../../../schemas/settlement/baselines.ts'
import type { SettlementTerms } from '../../../../../schemas/settlement/statements.ts'
import { api } from '../../../../shared/api/client.ts'
import { Choice, Fields } from '../../../../shared/components/fields.tsx'
import { Notice, ProblemNotice } from '../../../../shared/components/notice.tsx'
import { StepsEditor } from '../../../../shared/profiles/steps-editor.tsx'
import { isSameData } from '../../../../shared/same-data.ts'
import { waitingQuery } from '../../../proposal-queries.ts'
import { useRefusal } from '../../../session.ts'
import { WaitingFor } from '../../proposals/proposal-view.tsx'
import { methodWords, schemeInWords } from '../../settlement/words.ts'
import { SchemeFields } from './scheme-fields.tsx'
import { readTerms, type TermsDraft, termsDraft } from './terms.ts'

/** What a contract is settled by: its baseline, its payment scheme with parameters, and what follows from missing data. */
export function TermsEditor({ contract, terms }: { contract: Contract; terms: SettlementTerms }) {
  const [draft, setDraft] = useState(() => termsDraft(terms))
  const [tried, setTried] = useState(false)
  const queries = useQueryClient()
  const refusal = useRefusal('settlement')
  const { terms: read, faults } = readTerms(draft)
  const set = (change: Partial<TermsDraft>) => setDraft((before) => ({ ...before, ...change }))
  const fault = (field: string) => (tried ? faults.get(field) : undefined)
  const save = useMutation({
    mutationFn: (body: SettlementTerms) =>
      api.call(operations.setSettlementTerms, { params: { id: contract.contractId }, body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: waitingQuery.queryKey }),
  })
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (read) save.mutate(read)
  }
  const changed = read !== null && !isSameData(read, terms)
  return (
    <form onSubmit={onSubmit} noValidate style={{ display: 'grid', gap: 16 }}>
      <TermsFields draft={draft} fault={fault} set={set} schemeHint={read && schemeInWords(read.scheme)} />
      {draft.baselineMethod === 'fixed-reference' && (
        <StepsEditor
          title="Import per DER"
          steps={draft.reference}
          fault={fault('reference')}
          onChange={(reference) => set({ reference })}
        />
      )}
      <Notice>
        A second person approves new terms. They then hold for statements that are prepared from now on. Statements that
        exist keep the terms that they were made with.
      </Notice>
      <WaitingFor subjectId={contract.contractId} />
      {save.isError && <ProblemNotice error={save.error} />}
      <span style={{ display: 'flex', gap: 12, alignItems: 'center' }}>
        <Button
          type="submit"
          variant="filled"
          loading={save.isPending}
          disabled={refusal !== null || (read !== null && !changed)}
          title={refusal ?? undefined}
        >
          Propose these terms
        </Button>
        {refusal && <span className="rm-secondary">{refusal}</span>}
        {!changed && read && !refusal && <span className="rm-secondary">These are the terms in force.</span>}
      </span>
    </form>
  )
}

interface TermsFieldsProps {
  draft: TermsDraft
  fault: (field: string) => string | undefined
  set: (change: Partial<TermsDraft>) => void
  /** The scheme in words, once its figures can be read. */
  schemeHint: string | null
}

function TermsFields({ draft, fault, set, schemeHint }: TermsFieldsProps) {
  return (
    <Fields>
      <Choice
        label="Baseline"
        value={draft.baselineMethod}
        onChange={(event) => set({ baselineMethod: baselineMethod.parse(event.currentTarget.value) })}
      >
        {baselineMethod.options.map((method) => (
          <option key={method} value={method}>
            {methodWords[method]}
          </option>
        ))}
      </Choice>
      <Checkbox
        label="Adjusted on the day, by the three hours that end an hour before the event"
        checked={draft.inDayAdjustment}
        onChange={(event) => set({ inDayAdjustment: event.currentTarget.checked })}
      />
      <SchemeFields draft={draft} fault={fault} set={set} hint={schemeHint} />
      <Checkbox
        label="Multiplied by the accuracy of the FSP’s own schedule outside events"
        checked={draft.scheduleAccuracy}
        onChange={(event) => set({ scheduleAccuracy: event.currentTarget.checked })}
      />
      <Choice
        label="Missing meter data"
        value={draft.missingMeterData}
        onChange={(event) =>
          set({ missingMeterData: event.currentTarget.value === 'estimate' ? 'estimate' : 'unpaid' })
        }
      >
        <option value="unpaid">unpaid, and flagged</option>
        <option value="estimate">estimated from neighbours, and flagged</option>
      </Choice>
    </Fields>
  )
}
