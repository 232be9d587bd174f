import { Button, Checkbox } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { z } from 'zod'
import type { newFlexibleUnit } from '../../../../../schemas/market/parties.ts'
import { operations } from '../../../../../schemas/operations.ts'
import { api } from '../../../../shared/api/client.ts'
import { Field, Fields } from '../../../../shared/components/fields.tsx'
import { LinkButton } from '../../../../shared/components/link-button.tsx'
import { Nothing, Notice, ProblemNotice } from '../../../../shared/components/notice.tsx'
import { Page, Section } from '../../../../shared/components/page.tsx'
import { useUnsavedGuard } from '../../../../shared/components/unsaved-guard.ts'
import { kw } from '../../../../shared/format/power.ts'
import { dersQuery } from '../../../market-queries.ts'
import { flexibleUnitsQuery } from '../../../queries.ts'
import { useOwnFsp } from '../../../session.ts'
import { readUnit, type UnitDraft } from '../ders/draft.ts'
import { derKinds } from '../ders/words.ts'

const first: UnitDraft = { name: '', derIds: new Set(), downKw: '', upKw: '0', isWholeSite: false, nodeId: '' }

/** An FSP registers an FU of DERs that are in none. */
export function NewUnit() {
  const isFsp = useOwnFsp() !== null
  return (
    <Page
      title="Register an FU"
      subtitle="DERs behind one connection, or anywhere behind one node, that are offered and instructed as one."
      actions={<LinkButton to="/market/units">All FUs</LinkButton>}
    >
      {isFsp ? <UnitForm /> : <Notice>FSPs register their FUs themselves.</Notice>}
    </Page>
  )
}

function UnitForm() {
  const [draft, setDraft] = useState(first)
  const [tried, setTried] = useState(false)
  const [idempotencyKey, setKey] = useState(() => crypto.randomUUID())
  const queries = useQueryClient()
  const navigate = useNavigate()
  const letGo = useUnsavedGuard(draft !== first)
  const ders = useQuery(dersQuery).data ?? []
  const register = useMutation({
    mutationFn: (body: z.input<typeof newFlexibleUnit>) =>
      api.call(operations.registerFlexibleUnit, { body, idempotencyKey }),
    async onSuccess({ fuId }) {
      letGo()
      await queries.invalidateQueries({ predicate: ({ meta }) => meta?.topics?.includes('market') ?? false })
      await navigate({ to: '/market/units', search: { fu: fuId } })
    },
  })
  const { given, faults } = readUnit(draft, ders)
  const fault = (field: string) => (tried ? faults.get(field) : undefined)
  const set = (change: Partial<UnitDraft>) => {
    // What is sent then is another registration than before.
    setKey(crypto.randomUUID())
    setDraft((before) => ({ ...before, ...change }))
  }
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (given) register.mutate(given)
  }
  return (
    <form onSubmit={onSubmit} noValidate style={{ display: 'grid', gap: 16 }}>
      <Section>
        <UnitFields draft={draft} fault={fault} set={set} />
      </Section>
      <FreeDers draft={draft} set={set} />
      {fault('derIds') && <Notice tone="fault">{fault('derIds')}</Notice>}
      {register.isError && <ProblemNotice error={register.error} />}
      <span>
        <Button type="submit" variant="filled" loading={register.isPending}>
          Register
        </Button>
      </span>
    </form>
  )
}

interface FormProps {
  draft: UnitDraft
  set: (change: Partial<UnitDraft>) => void
}

function UnitFields({ draft, fault, set }: FormProps & { fault: (field: string) => string | undefined }) {
  return (
    <Fields>
      <Field
        label="Name"
        maxLength={200}
        value={draft.name}
        fault={fault('name')}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      <Field
        label="Turn-down at most"
        hint="The most by which its import can fall, more export included."
        inputMode="decimal"
        unit="kW"
        value={draft.downKw}
        fault={fault('downKw')}
        onChange={(event) => set({ downKw: event.currentTarget.value })}
      />
      <Field
        label="Turn-up at most"
        hint="The most by which its import can rise, less export included."
        inputMode="decimal"
        unit="kW"
        value={draft.upKw}
        fault={fault('upKw')}
        onChange={(event) => set({ upKw: event.currentTarget.value })}
      />
      <Field
        label="Node"
        hint="Only for DERs behind more than one connection: the node that all of them are behind."
        maxLength={100}
        value={draft.nodeId}
        onChange={(event) => set({ nodeId: event.currentTarget.value })}
      />
      <Checkbox
        label="It is the whole import of its connection, so the hub there can be its meter"
        checked={draft.isWholeSite}
        error={fault('isWholeSite')}
        onChange={(event) => set({ isWholeSite: event.currentTarget.checked })}
      />
    </Fields>
  )
}

/** DERs that are in no FU today, to be ticked. */
function FreeDers({ draft, set }: FormProps) {
  const ders = useQuery(dersQuery)
  const units = useQuery(flexibleUnitsQuery)
  const taken = new Set(units.data?.flatMap(({ derIds }) => derIds))
  const free = ders.data?.filter(({ derId }) => !taken.has(derId)) ?? []
  const toggle = (derId: string) => {
    const next = new Set(draft.derIds)
    if (!next.delete(derId)) next.add(derId)
    set({ derIds: next })
  }
  return (
    <Section title="DERs in no FU">
      {ders.isSuccess && units.isSuccess && free.length === 0 && (
        <Nothing>Every DER is in an FU. Register another, or move one out of its FU first.</Nothing>
      )}
      <div style={{ display: 'grid', gap: 8 }}>
        {free.map(({ derId, name, kind, mpan, ratedW }) => (
          <Checkbox
            key={derId}
            label={`${name}, ${derKinds[kind]}, ${kw(ratedW)}, MPAN ${mpan}`}
            checked={draft.derIds.has(derId)}
            onChange={() => toggle(derId)}
          />
        ))}
      </div>
    </Section>
  )
}
