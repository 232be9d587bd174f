import { Button, Checkbox } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { z } from 'zod'
import type { Connection } from '../../../../schemas/grid/connections.ts'
import { customerMonitor, type MonitorCredentials } from '../../../../schemas/grid/measurements.ts'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { Choice, Field, Fields } from '../../../shared/components/fields.tsx'
import { ProblemNotice } from '../../../shared/components/notice.tsx'
import { Section } from '../../../shared/components/page.tsx'
import { connectionQuery, hubsQuery } from '../../queries.ts'
import { useRefusal } from '../../session.ts'

interface RegisterFormProps {
  site: Connection
  onRegistered: (made: MonitorCredentials) => void
}

/** A monitor as its form holds it; the time-out in minutes. */
interface Draft {
  name: string
  feeders: string
  role: 'building' | 'ev'
  minutes: string
  currentOnly: boolean
  importOnly: boolean
  /** Whether it sends the total of the phases only. */
  total: boolean
}

function readDraft({ name, feeders, role, minutes, currentOnly, importOnly, total }: Draft) {
  return customerMonitor.safeParse({
    name: name.trim(),
    feeders: Array.from({ length: Number(feeders) }, (_, i) => ({ feeder: i + 1, role })),
    timeoutS: Number(minutes) * 60,
    currentOnly,
    importOnly,
    phases: total && !currentOnly ? 'total' : 'each',
  })
}

/** What the DNO must know of a monitor before it may send. */
export function RegisterForm({ site, onRegistered }: RegisterFormProps) {
  const [draft, setDraft] = useState<Draft>({
    name: `${site.name} customer monitor`,
    feeders: '1',
    role: 'building',
    minutes: '15',
    currentOnly: false,
    importOnly: false,
    total: false,
  })
  const [tried, setTried] = useState(false)
  const queries = useQueryClient()
  const refusal = useRefusal('planner', 'operator')
  const register = useMutation({
    mutationFn: (body: z.input<typeof customerMonitor>) =>
      api.call(operations.registerMonitor, { params: { id: site.connectionId }, body }),
    onSuccess: async (made) => {
      onRegistered(made)
      await queries.invalidateQueries({ queryKey: hubsQuery.queryKey })
      await queries.invalidateQueries({ queryKey: connectionQuery(site.connectionId).queryKey })
    },
  })
  const parsed = readDraft(draft)
  const fault = (field: string) =>
    tried ? parsed.error?.issues.find((issue) => issue.path[0] === field)?.message : undefined
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (parsed.success) register.mutate(parsed.data)
  }
  return (
    <Section title="Register a monitor">
      <p>
        For premises where the DNO has no hub of its own, what the monitor sends counts for limits, alarms and history
        in the same way as a hub’s measurements. It is not polled. Beside a hub it is only compared with the hub.
      </p>
      <form onSubmit={onSubmit} noValidate style={{ display: 'grid', gap: 16 }}>
        <MonitorFields draft={draft} fault={fault} set={(change) => setDraft({ ...draft, ...change })} />
        {register.isError && <ProblemNotice error={register.error} />}
        <span>
          <Button
            type="submit"
            variant="filled"
            loading={register.isPending}
            disabled={refusal !== null}
            title={refusal ?? undefined}
          >
            Register the monitor
          </Button>
        </span>
      </form>
    </Section>
  )
}

interface MonitorFieldsProps {
  draft: Draft
  fault: (field: string) => string | undefined
  set: (change: Partial<Draft>) => void
}

function MonitorFields({ draft, fault, set }: MonitorFieldsProps) {
  return (
    <Fields>
      <Field
        label="Name"
        maxLength={100}
        value={draft.name}
        fault={fault('name')}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      <Field
        label="Feeders"
        type="number"
        min={1}
        max={64}
        value={draft.feeders}
        fault={fault('feeders')}
        hint="Numbered from 1; their sum is the import of the connection."
        onChange={(event) => set({ feeders: event.currentTarget.value })}
      />
      <Choice
        label="They feed"
        value={draft.role}
        onChange={(event) => set({ role: event.currentTarget.value as Draft['role'] })}
      >
        <option value="building">the whole site</option>
        <option value="ev">chargers</option>
      </Choice>
      <Field
        label="Silent after"
        type="number"
        min={1}
        unit="min"
        value={draft.minutes}
        fault={fault('timeoutS')}
        hint="Without a reading for this long, it counts as a communication failure."
        onChange={(event) => set({ minutes: event.currentTarget.value })}
      />
      <Checkbox
        label="It measures current only: power is derived with nominal voltage and the site’s power factor"
        checked={draft.currentOnly}
        onChange={(event) => set({ currentOnly: event.currentTarget.checked })}
      />
      {!draft.currentOnly && (
        <Checkbox
          label="It sends the total of the three phases, not each of them"
          checked={draft.total}
          onChange={(event) => set({ total: event.currentTarget.checked })}
        />
      )}
      {draft.currentOnly && (
        <Checkbox
          label="Nothing at the site can export: otherwise the direction of a current is unknown"
          checked={draft.importOnly}
          onChange={(event) => set({ importOnly: event.currentTarget.checked })}
        />
      )}
    </Fields>
  )
}
