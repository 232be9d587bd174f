import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { FlexibleUnit } from '../../../../../schemas/market/parties.ts'
import { operations } from '../../../../../schemas/operations.ts'
import type { UnitMeter } from '../../../../../schemas/settlement/metering.ts'
import { api } from '../../../../shared/api/client.ts'
import { useToday } from '../../../../shared/clock.ts'
import { Choice, Field } from '../../../../shared/components/fields.tsx'
import { Notice, ProblemNotice } from '../../../../shared/components/notice.tsx'
import { Loaded } from '../../../../shared/components/query.tsx'
import { SidePanel } from '../../../../shared/components/side-panel.tsx'
import { useUnsavedGuard } from '../../../../shared/components/unsaved-guard.ts'
import { day } from '../../../../shared/search.ts'
import { membersQuery } from '../../../market-queries.ts'
import { waitingQuery } from '../../../proposal-queries.ts'
import { useOwnFsp, useRefusal } from '../../../session.ts'
import { unitMetersQuery } from '../../../settlement-queries.ts'
import { WaitingFor } from '../../proposals/proposal-view.tsx'

interface MeterPanelProps {
  unit: FlexibleUnit
  /** Empty for a meter that is not there yet. */
  meterId: string
  onClose: () => void
}

/** On which days a meter belongs to an FU, and which DER it meters. */
export function MeterPanel({ unit, meterId, onClose }: MeterPanelProps) {
  const query = useQuery(unitMetersQuery(unit.fuId))
  const isFsp = useOwnFsp() !== null
  return (
    <SidePanel title={meterId === '' ? 'Another meter' : `Meter ${meterId}`} onClose={onClose}>
      {!isFsp && meterId !== '' && <WaitingFor subjectId={`${unit.fuId} ${meterId}`} operation="stateUnitMeter" />}
      <Loaded query={query}>
        {({ items }) => {
          const meter = items.find((each) => each.meterId === meterId) ?? null
          if (meter === null && meterId !== '') return <Notice>This FU has no meter of that name.</Notice>
          return <MeterForm key={JSON.stringify(meter)} unit={unit} meter={meter} isFsp={isFsp} onDone={onClose} />
        }}
      </Loaded>
    </SidePanel>
  )
}

interface MeterDraft {
  meterId: string
  derId: string
  from: string
  until: string
}

/** What is wrong with a draft, by field. */
function faultsOf({ meterId, from, until }: MeterDraft): Partial<Record<keyof MeterDraft, string>> {
  const isUntil = until === '' || day(until) !== undefined
  return {
    ...((meterId.trim() === '' || meterId.trim().length > 100) && {
      meterId: 'Name the meter as its readings do, in 1 to 100 characters.',
    }),
    ...(day(from) === undefined && { from: 'Choose the first day.' }),
    ...(!isUntil && { until: 'Choose a day, or leave it empty.' }),
    ...(isUntil && until !== '' && until < from && { until: 'It cannot lie before the first day.' }),
  }
}

interface MeterFormProps {
  unit: FlexibleUnit
  meter: UnitMeter | null
  isFsp: boolean
  onDone: () => void
}

function MeterForm({ unit, meter, isFsp, onDone }: MeterFormProps) {
  const today = useToday()
  const [first] = useState<MeterDraft>(() => ({
    meterId: meter?.meterId ?? '',
    derId: meter?.derId ?? '',
    from: meter?.from ?? today,
    until: meter?.until ?? '',
  }))
  const [draft, setDraft] = useState(first)
  const [tried, setTried] = useState(false)
  const refusal = useRefusal('settlement')
  const queries = useQueryClient()
  const letGo = useUnsavedGuard(draft !== first)
  const state = useMutation({
    mutationFn: ({ meterId, derId, from, until }: MeterDraft) =>
      api.call(operations.stateUnitMeter, {
        params: { id: unit.fuId, meterId: meterId.trim() },
        body: { derId: derId || null, from, until: until || null },
      }),
    async onSuccess() {
      letGo()
      await queries.invalidateQueries({ predicate: ({ meta }) => meta?.topics?.includes('settlement') ?? false })
      await queries.invalidateQueries({ queryKey: waitingQuery.queryKey })
      if (isFsp) onDone()
      else setDraft(first)
    },
  })
  const faults = faultsOf(draft)
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (Object.keys(faults).length === 0) state.mutate(draft)
  }
  const mayNot = isFsp ? null : refusal
  return (
    <form onSubmit={onSubmit} noValidate style={{ display: 'grid', gap: 16 }}>
      <MeterFields
        unit={unit}
        draft={draft}
        isNew={meter === null}
        faults={tried ? faults : {}}
        set={(change) => setDraft((before) => ({ ...before, ...change }))}
      />
      <span className="rm-secondary">
        A quarter-hour in which one of the FU’s meters has no value has no sum: end a meter that was taken away.{' '}
        {isFsp ? 'You state what begins or ends from today on.' : 'A second person approves it.'}
      </span>
      {state.isError && <ProblemNotice error={state.error} />}
      {state.isSuccess && !isFsp && <Notice>Proposed. A second person finds it under Second person.</Notice>}
      <span>
        <Button
          type="submit"
          variant="filled"
          loading={state.isPending}
          disabled={mayNot !== null}
          title={mayNot ?? undefined}
        >
          {isFsp ? 'Save' : 'Propose'}
        </Button>{' '}
        {mayNot && <span className="rm-secondary">{mayNot}</span>}
      </span>
    </form>
  )
}

interface MeterFieldsProps {
  unit: FlexibleUnit
  draft: MeterDraft
  isNew: boolean
  faults: Partial<Record<keyof MeterDraft, string>>
  set: (change: Partial<MeterDraft>) => void
}

function MeterFields({ unit, draft, isNew, faults, set }: MeterFieldsProps) {
  const members = useQuery(membersQuery(unit.fuId)).data ?? []
  const own = members.filter(({ derId }, i) => members.findIndex((each) => each.derId === derId) === i)
  return (
    <div style={{ display: 'grid', gap: 12, containerType: 'inline-size' }}>
      {isNew && (
        <Field
          label="Meter"
          hint="As its readings name it."
          maxLength={100}
          value={draft.meterId}
          fault={faults.meterId}
          onChange={(event) => set({ meterId: event.currentTarget.value })}
        />
      )}
      <Choice label="It meters" value={draft.derId} onChange={(event) => set({ derId: event.currentTarget.value })}>
        <option value="">the FU as a whole, or a part without a DER</option>
        {own.map(({ derId, derName }) => (
          <option key={derId} value={derId}>
            {derName}
          </option>
        ))}
      </Choice>
      <Field
        label="First day"
        type="date"
        value={draft.from}
        fault={faults.from}
        onChange={(event) => set({ from: event.currentTarget.value })}
      />
      <Field
        label="First day without it"
        type="date"
        hint="Empty for no end."
        value={draft.until}
        fault={faults.until}
        onChange={(event) => set({ until: event.currentTarget.value })}
      />
    </div>
  )
}
