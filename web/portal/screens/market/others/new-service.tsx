import { ActionIcon, Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { z } from 'zod'
import type { newServiceToOthers } from '../../../../../schemas/market/services-to-others.ts'
import { operations } from '../../../../../schemas/operations.ts'
import { api } from '../../../../shared/api/client.ts'
import { Choice, Field, Fields } from '../../../../shared/components/fields.tsx'
import { LinkButton } from '../../../../shared/components/link-button.tsx'
import { Notice, ProblemNotice } from '../../../../shared/components/notice.tsx'
import { Page, Section } from '../../../../shared/components/page.tsx'
import { useUnsavedGuard } from '../../../../shared/components/unsaved-guard.ts'
import { flexibleUnitsQuery } from '../../../queries.ts'
import { useOwnFsp, useRefusal } from '../../../session.ts'
import styles from '../tenders/windows-editor.module.css'
import { type DraftSpan, newService, readService, type ServiceDraft, withSpan } from './draft.ts'

/** Registers what an FU does for the system operator or another DNO. */
export function NewServiceToOthers() {
  const isFsp = useOwnFsp() !== null
  const refusal = useRefusal('flexibility-engineer')
  return (
    <Page
      title="Register a service to others"
      subtitle="What an FU does for the system operator or another DNO. Its days are event days of the FU’s baselines."
      actions={<LinkButton to="/market/services-to-others">All services to others</LinkButton>}
    >
      {refusal && !isFsp ? <Notice>{refusal}</Notice> : <ServiceForm isFsp={isFsp} />}
    </Page>
  )
}

function ServiceForm({ isFsp }: { isFsp: boolean }) {
  const { fu } = useSearch({ from: '/inside/market/new-service-to-others' })
  const [first] = useState(() => newService(fu ?? ''))
  const [draft, setDraft] = useState<ServiceDraft>(first)
  const [tried, setTried] = useState(false)
  const [idempotencyKey, setKey] = useState(() => crypto.randomUUID())
  const queries = useQueryClient()
  const navigate = useNavigate()
  const letGo = useUnsavedGuard(draft !== first)
  const register = useMutation({
    mutationFn: (body: z.input<typeof newServiceToOthers>) =>
      api.call(operations.registerServiceToOthers, { body, idempotencyKey }),
    async onSuccess({ items }) {
      letGo()
      await queries.invalidateQueries({ predicate: ({ meta }) => meta?.topics?.includes('market') ?? false })
      // One that meets a contract is what somebody has to look at.
      const service = (items.find(({ conflicts }) => conflicts.length > 0) ?? items[0])?.serviceId
      await navigate({ to: '/market/services-to-others', search: { service } })
    },
  })
  const { given, faults } = readService(draft)
  const fault = (field: string) => (tried ? faults.get(field) : undefined)
  const set = (change: Partial<ServiceDraft>) => {
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
        <ServiceFields draft={draft} fault={fault} set={set} />
      </Section>
      <Section title="Times">
        <Spans times={draft.times} fault={fault} onChange={(times) => set({ times })} />
        <p className="rm-secondary" style={{ margin: '8px 0 0' }}>
          Local time. {isFsp ? 'You register what is yet to begin; what is past is the DNO’s to register.' : ''}
        </p>
      </Section>
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
  draft: ServiceDraft
  fault: (field: string) => string | undefined
  set: (change: Partial<ServiceDraft>) => void
}

function ServiceFields({ draft, fault, set }: FormProps) {
  const units = useQuery(flexibleUnitsQuery).data ?? []
  return (
    <Fields>
      <Choice
        label="FU"
        value={draft.fuId}
        fault={fault('fuId')}
        onChange={(event) => set({ fuId: event.currentTarget.value })}
      >
        <option value="">choose one</option>
        {units.map(({ fuId, name }) => (
          <option key={fuId} value={fuId}>
            {name}
          </option>
        ))}
      </Choice>
      <Field
        label="Buyer"
        hint="The system operator, or another DNO."
        maxLength={200}
        value={draft.buyer}
        fault={fault('buyer')}
        onChange={(event) => set({ buyer: event.currentTarget.value })}
      />
      <Field
        label="Service"
        hint="As its buyer calls it, such as Demand Flexibility Service."
        maxLength={200}
        value={draft.service}
        fault={fault('service')}
        onChange={(event) => set({ service: event.currentTarget.value })}
      />
      <Field
        label="Shown by"
        hint="A contract, or the buyer’s instruction."
        maxLength={500}
        value={draft.reference}
        fault={fault('reference')}
        onChange={(event) => set({ reference: event.currentTarget.value })}
      />
    </Fields>
  )
}

interface SpansProps {
  times: readonly DraftSpan[]
  fault: (field: string) => string | undefined
  onChange: (times: DraftSpan[]) => void
}

function Spans({ times, fault, onChange }: SpansProps) {
  const set = (key: number, change: Partial<DraftSpan>) =>
    onChange(times.map((span) => (span.key === key ? { ...span, ...change } : span)))
  return (
    <div className={styles.editor}>
      {times.map((span, i) => (
        <fieldset key={span.key} className={styles.window}>
          <legend className="rm-sr-only">Time {i + 1}</legend>
          <span className={styles.hours}>
            <input
              type="datetime-local"
              className="rm-select"
              aria-label="From"
              value={span.from}
              onChange={(event) => set(span.key, { from: event.currentTarget.value })}
            />
            to
          </span>
          <input
            type="datetime-local"
            className="rm-select"
            aria-label="To"
            value={span.to}
            onChange={(event) => set(span.key, { to: event.currentTarget.value })}
          />
          {times.length > 1 && (
            <ActionIcon
              aria-label={`Remove time ${i + 1}`}
              onClick={() => onChange(times.filter(({ key }) => key !== span.key))}
            >
              ×
            </ActionIcon>
          )}
          {fault(`times.${span.key}`) && (
            <span className={styles.fault} role="alert">
              {fault(`times.${span.key}`)}
            </span>
          )}
        </fieldset>
      ))}
      <span>
        <Button onClick={() => onChange(withSpan(times))} disabled={times.length >= 400}>
          Add a time
        </Button>
      </span>
    </div>
  )
}
