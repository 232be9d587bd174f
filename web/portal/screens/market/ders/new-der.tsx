import { Button, Checkbox } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { z } from 'zod'
import { derKind, type newDer } from '../../../../../schemas/market/parties.ts'
import { operations } from '../../../../../schemas/operations.ts'
import { api } from '../../../../shared/api/client.ts'
import { useToday } from '../../../../shared/clock.ts'
import { Choice, Field, Fields } from '../../../../shared/components/fields.tsx'
import { LinkButton } from '../../../../shared/components/link-button.tsx'
import { Notice, ProblemNotice } from '../../../../shared/components/notice.tsx'
import { Page, Section } from '../../../../shared/components/page.tsx'
import { useUnsavedGuard } from '../../../../shared/components/unsaved-guard.ts'
import { useOwnFsp } from '../../../session.ts'
import { ConsentFields } from './consent-fields.tsx'
import { type DerDraft, readDer } from './draft.ts'
import { derKinds } from './words.ts'

/** An FSP registers an asset behind an MPAN that it has authority over. */
export function NewDer() {
  const isFsp = useOwnFsp() !== null
  return (
    <Page
      title="Register a DER"
      subtitle="An asset behind one MPAN that you have authority over."
      actions={<LinkButton to="/market/ders">All DERs</LinkButton>}
    >
      {isFsp ? <DerForm /> : <Notice>FSPs register their DERs themselves.</Notice>}
    </Page>
  )
}

function DerForm() {
  const today = useToday()
  const [first] = useState<DerDraft>(() => ({
    name: '',
    kind: 'ev-charging',
    mpan: '',
    ratedKw: '',
    hasConsent: false,
    consent: { reference: '', from: today, until: '' },
  }))
  const [draft, setDraft] = useState(first)
  const [tried, setTried] = useState(false)
  const [idempotencyKey, setKey] = useState(() => crypto.randomUUID())
  const queries = useQueryClient()
  const navigate = useNavigate()
  const letGo = useUnsavedGuard(draft !== first)
  const register = useMutation({
    mutationFn: (body: z.input<typeof newDer>) => api.call(operations.registerDer, { body, idempotencyKey }),
    async onSuccess({ derId }) {
      letGo()
      await queries.invalidateQueries({ predicate: ({ meta }) => meta?.topics?.includes('market') ?? false })
      await navigate({ to: '/market/ders', search: { der: derId } })
    },
  })
  const { given, faults } = readDer(draft)
  const fault = (field: string) => (tried ? faults.get(field) : undefined)
  const set = (change: Partial<DerDraft>) => {
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
    <Section>
      <form onSubmit={onSubmit} noValidate style={{ display: 'grid', gap: 16 }}>
        <DerFields draft={draft} fault={fault} set={set} />
        {register.isError && <ProblemNotice error={register.error} />}
        <span>
          <Button type="submit" variant="filled" loading={register.isPending}>
            Register
          </Button>
        </span>
      </form>
    </Section>
  )
}

interface DerFieldsProps {
  draft: DerDraft
  fault: (field: string) => string | undefined
  set: (change: Partial<DerDraft>) => void
}

function DerFields({ draft, fault, set }: DerFieldsProps) {
  return (
    <Fields>
      <Field
        label="Name"
        maxLength={200}
        value={draft.name}
        fault={fault('name')}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      <Choice
        label="Kind"
        value={draft.kind}
        onChange={(event) =>
          set({ kind: derKind.options.find((each) => each === event.currentTarget.value) ?? 'load' })
        }
      >
        {derKind.options.map((each) => (
          <option key={each} value={each}>
            {derKinds[each]}
          </option>
        ))}
      </Choice>
      <Field
        label="MPAN"
        inputMode="numeric"
        maxLength={13}
        value={draft.mpan}
        fault={fault('mpan')}
        onChange={(event) => set({ mpan: event.currentTarget.value })}
      />
      <Field
        label="Rated"
        inputMode="decimal"
        unit="kW"
        value={draft.ratedKw}
        fault={fault('ratedKw')}
        onChange={(event) => set({ ratedKw: event.currentTarget.value })}
      />
      <Checkbox
        label="It belongs to somebody else, whose consent is recorded"
        checked={draft.hasConsent}
        onChange={(event) => set({ hasConsent: event.currentTarget.checked })}
      />
      {draft.hasConsent && (
        <ConsentFields
          draft={draft.consent}
          fault={(field) => fault(`consent.${field}`)}
          set={(change) => set({ consent: { ...draft.consent, ...change } })}
        />
      )}
    </Fields>
  )
}
