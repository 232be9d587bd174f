import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { z } from 'zod'
import type { FlexibleUnit, statedConstraints } from '../../../../../schemas/market/parties.ts'
import { operations } from '../../../../../schemas/operations.ts'
import { api } from '../../../../shared/api/client.ts'
import { Field } from '../../../../shared/components/fields.tsx'
import { ProblemNotice } from '../../../../shared/components/notice.tsx'
import { PanelPart } from '../../../../shared/components/side-panel.tsx'
import { useUnsavedGuard } from '../../../../shared/components/unsaved-guard.ts'
import { type ConstraintsDraft, draftOf, readConstraints } from './constraints.ts'

const fields: readonly { field: keyof ConstraintsDraft; label: string; unit?: string; hint?: string }[] = [
  { field: 'minimumTurnDownKw', label: 'Minimum turn-down', unit: 'kW', hint: 'It gives this much or nothing.' },
  { field: 'minimumRunMinutes', label: 'Minimum run', unit: 'min' },
  { field: 'maximumRunMinutes', label: 'Maximum run', unit: 'min' },
  { field: 'minimumRestMinutes', label: 'Rest between two runs', unit: 'min' },
  { field: 'noticeMinutes', label: 'Notice', unit: 'min', hint: 'From the instruction to the start.' },
  { field: 'activationsPerDay', label: 'Runs per day, at most' },
  { field: 'activationsPerContract', label: 'Runs per contract, at most' },
  { field: 'reboundPercent', label: 'Energy that returns', unit: '%', hint: 'Of what was saved; empty for none.' },
  { field: 'reboundDelayMinutes', label: 'It returns after', unit: 'min' },
  { field: 'reboundOverMinutes', label: 'It returns over', unit: 'min' },
]

/** What an FU’s turn-downs and turn-ups keep to, as its FSP states it: they apply from the next optimisation on. */
export function ConstraintsForm({ unit }: { unit: FlexibleUnit }) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <PanelPart title="Constraints">
      {isOpen ? (
        <Form unit={unit} onDone={() => setIsOpen(false)} />
      ) : (
        <>
          <span>
            {unit.limits === null
              ? 'None stated: it can be run as often and as long as its contract says.'
              : 'The optimisation and manual schedules keep to those above.'}
          </span>
          <span>
            <Button onClick={() => setIsOpen(true)}>Change the constraints</Button>
          </span>
        </>
      )}
    </PanelPart>
  )
}

function Form({ unit, onDone }: { unit: FlexibleUnit; onDone: () => void }) {
  const [first] = useState(() => draftOf(unit.limits))
  const [draft, setDraft] = useState(first)
  const [tried, setTried] = useState(false)
  const queries = useQueryClient()
  const letGo = useUnsavedGuard(draft !== first)
  const state = useMutation({
    mutationFn: (body: z.input<typeof statedConstraints>) =>
      api.call(operations.stateConstraints, { params: { id: unit.fuId }, body }),
    async onSuccess() {
      letGo()
      await queries.invalidateQueries({ predicate: ({ meta }) => meta?.topics?.includes('market') ?? false })
      onDone()
    },
  })
  const { given, faults } = readConstraints(draft)
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (given) state.mutate(given)
  }
  return (
    <form onSubmit={onSubmit} noValidate style={{ display: 'grid', gap: 12, containerType: 'inline-size' }}>
      <span className="rm-secondary">Leave empty what does not bind. They apply from the next optimisation on.</span>
      {fields.map(({ field, label, unit: of, hint }) => (
        <Field
          key={field}
          label={label}
          inputMode="decimal"
          unit={of}
          hint={hint}
          value={draft[field]}
          fault={tried ? faults.get(field) : undefined}
          onChange={(event) => {
            const { value } = event.currentTarget
            setDraft((before) => ({ ...before, [field]: value }))
          }}
        />
      ))}
      {state.isError && <ProblemNotice error={state.error} />}
      <span style={{ display: 'flex', gap: 8 }}>
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" variant="filled" loading={state.isPending}>
          Save
        </Button>
      </span>
    </form>
  )
}
