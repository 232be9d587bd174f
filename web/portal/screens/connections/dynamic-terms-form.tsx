import { Button, Checkbox } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { Connection } from '../../../../schemas/grid/connections.ts'
import { operations } from '../../../../schemas/operations.ts'
import {
  type DynamicTerms,
  dynamicTermsForm,
  type DynamicTermsForm as Form,
} from '../../../../schemas/planning/dynamic-limits.ts'
import { api } from '../../../shared/api/client.ts'
import { Choice, Field, Fields } from '../../../shared/components/fields.tsx'
import { SaveProblem } from '../../../shared/components/save-problem.tsx'
import { faultsOf } from '../../../shared/form-faults.ts'
import { waitingQuery } from '../../proposal-queries.ts'
import styles from '../targets/targets.module.css'

interface DynamicTermsFormProps {
  terms: DynamicTerms
  site: Connection
  onDone: () => void
}

/** Terms as their form holds them; the floor as it is typed. */
interface Draft {
  isOn: boolean
  floorKw: string
  topNodeId: string
}

/** Proposes other dynamic terms of a connection: whether its limits follow forecast headroom, their floor, and which nodes count. */
export function DynamicTermsForm({ terms, site, onDone }: DynamicTermsFormProps) {
  const { isOn, floorW, topNodeId } = terms
  const [draft, setDraft] = useState<Draft>({ isOn, floorKw: String(floorW / 1_000), topNodeId })
  const [tried, setTried] = useState(false)
  const queries = useQueryClient()
  const read = dynamicTermsForm.safeParse({ ...draft, floorW: readKw(draft.floorKw) })
  const propose = useMutation({
    mutationFn: (body: Form) =>
      api.call(operations.saveDynamicTerms, {
        params: { id: site.connectionId },
        body,
        version: terms.revision,
      }),
    async onSuccess() {
      await queries.invalidateQueries({ queryKey: ['connection', site.connectionId, 'dynamic-limits'] })
      await queries.invalidateQueries({ queryKey: waitingQuery.queryKey })
      onDone()
    },
  })
  const reload = async () => {
    await queries.invalidateQueries({ queryKey: ['connection', site.connectionId, 'dynamic-limits'] })
    onDone()
  }
  const fault = faultsOf(tried, read, propose.error)
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (read.success) propose.mutate(read.data)
  }
  return (
    <form className={styles.form} onSubmit={onSubmit} noValidate>
      <p>
        Limits of the days after today are withdrawn and issued again by the new terms. A second person has to approve
        them.
      </p>
      <TermsFields draft={draft} site={site} fault={fault} set={(change) => setDraft({ ...draft, ...change })} />
      {propose.isError && (
        <SaveProblem error={propose.error} fields={['isOn', 'floorW', 'topNodeId']} onReload={() => void reload()} />
      )}
      <div className={styles.actions}>
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" variant="filled" loading={propose.isPending}>
          Propose these terms
        </Button>
      </div>
    </form>
  )
}

interface TermsFieldsProps {
  draft: Draft
  site: Connection
  fault: (field: string) => string | undefined
  set: (change: Partial<Draft>) => void
}

function TermsFields({ draft, site, fault, set }: TermsFieldsProps) {
  return (
    <Fields>
      <Checkbox
        label="The import limit follows forecast headroom"
        checked={draft.isOn}
        onChange={(event) => set({ isOn: event.currentTarget.checked })}
      />
      <Field
        label="Floor"
        unit="kW"
        inputMode="decimal"
        value={draft.floorKw}
        fault={fault('floorW') && 'must be a power of 0 kW or more, in whole watts'}
        hint="No dynamic limit is below it, whatever is forecast."
        onChange={(event) => set({ floorKw: event.currentTarget.value })}
      />
      <Choice
        label="Highest node"
        value={draft.topNodeId}
        fault={fault('topNodeId')}
        hint="Headroom counts from the connection’s own node up to this one."
        onChange={(event) => set({ topNodeId: event.currentTarget.value })}
      >
        {site.nodePath.toReversed().map(({ nodeId, name }) => (
          <option key={nodeId} value={nodeId}>
            {name}
          </option>
        ))}
      </Choice>
    </Fields>
  )
}

/** kW as typed, in W; not a number if it is none. Kilowatts have at most three decimals. */
function readKw(text: string): number {
  return /^\d+(\.\d{1,3})?$/.test(text.trim()) ? Math.round(Number(text) * 1_000) : Number.NaN
}
