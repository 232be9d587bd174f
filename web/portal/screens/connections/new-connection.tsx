import { Button } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { ConnectionForm } from '../../../../schemas/grid/connections.ts'
import { operations } from '../../../../schemas/operations.ts'
import { ApiProblem, api } from '../../../shared/api/client.ts'
import { Choice, Field, Fields } from '../../../shared/components/fields.tsx'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { SaveProblem } from '../../../shared/components/save-problem.tsx'
import { useUnsavedGuard } from '../../../shared/components/unsaved-guard.ts'
import { isSameData } from '../../../shared/same-data.ts'
import { areasQuery, nodesQuery } from '../../grid-queries.ts'
import { useRefusal } from '../../session.ts'
import { NodeField } from '../network/node-field.tsx'
import styles from '../targets/targets.module.css'
import { type ConnectionDraft, readConnection } from './new-connection-draft.ts'

const empty: ConnectionDraft = {
  name: '',
  customer: '',
  address: '',
  licenceArea: '',
  nodeId: '',
  ascKva: '',
  exportKva: '',
  powerFactor: '0.95',
  mpans: '',
}

const fields = Object.keys(empty) as (keyof ConnectionDraft)[]

/** Registers one connection: the site, its customer, what it may import and export, and its meter points. */
export function NewConnection() {
  const [draft, setDraft] = useState(empty)
  const [tried, setTried] = useState(false)
  // Pressing the button twice registers one connection.
  const [idempotencyKey] = useState(() => crypto.randomUUID())
  const refusal = useRefusal('planner')
  const queries = useQueryClient()
  const navigate = useNavigate()
  const release = useUnsavedGuard(!isSameData(empty, draft))
  // The area of the node that was chosen, unless a person chooses another.
  const [nodeId] = useDebouncedValue(draft.nodeId.trim(), 200)
  const found = useQuery(nodesQuery({ search: nodeId, limit: 30 })).data?.items
  const node = found?.find((each) => each.nodeId === draft.nodeId.trim())
  const given = { ...draft, licenceArea: draft.licenceArea || (node?.licenceArea ?? '') }
  const { body, faults } = readConnection(given)
  const register = useMutation({
    mutationFn: (form: ConnectionForm) => api.call(operations.registerConnection, { body: form, idempotencyKey }),
    async onSuccess({ connectionId }) {
      release()
      await queries.invalidateQueries({ queryKey: ['connections'] })
      await navigate({ to: '/connections/$connectionId', params: { connectionId } })
    },
  })
  const refused = register.error instanceof ApiProblem ? (register.error.problem.errors ?? []) : []
  const fault = (field: keyof ConnectionDraft) =>
    tried ? (faults[field] ?? refused.find((error) => error.field === field)?.message) : undefined
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (body) register.mutate(body)
  }
  return (
    <Page title="Register a connection" actions={<LinkButton to="/connections">All connections</LinkButton>}>
      {refusal !== null && <Notice>{refusal}</Notice>}
      <Section>
        <form className={styles.form} onSubmit={onSubmit} noValidate>
          <ConnectionFields
            draft={given}
            fault={fault}
            set={(change) => setDraft((before) => ({ ...before, ...change }))}
          />
          {register.isError && <SaveProblem error={register.error} fields={fields} onReload={() => register.reset()} />}
          <span>
            <Button
              type="submit"
              variant="filled"
              loading={register.isPending}
              disabled={refusal !== null}
              title={refusal ?? undefined}
            >
              Register the connection
            </Button>
          </span>
        </form>
      </Section>
    </Page>
  )
}

interface ConnectionFieldsProps {
  draft: ConnectionDraft
  fault: (field: keyof ConnectionDraft) => string | undefined
  set: (change: Partial<ConnectionDraft>) => void
}

function ConnectionFields({ draft, fault, set }: ConnectionFieldsProps) {
  const areas = (useQuery(areasQuery).data ?? []).flatMap((group) => group.areas)
  const text = (
    name: keyof ConnectionDraft,
    label: string,
    more: { hint?: string; unit?: string; isNumber?: true } = {},
  ) => (
    <Field
      label={label}
      hint={more.hint}
      unit={more.unit}
      inputMode={more.isNumber ? 'decimal' : undefined}
      autoComplete="off"
      fault={fault(name)}
      value={draft[name]}
      onChange={(event) => set({ [name]: event.currentTarget.value })}
    />
  )
  return (
    <Fields>
      {text('name', 'Name', { hint: 'The name people use, such as Islington.' })}
      {text('customer', 'Customer')}
      {text('address', 'Address')}
      {text('mpans', 'MPANs', { hint: '13 digits each, separated by spaces; none if there is no meter yet.' })}
      <NodeField
        label="Fed from"
        hint="The node of the network that feeds it."
        value={draft.nodeId}
        fault={fault('nodeId')}
        onChange={(nodeId) => set({ nodeId })}
      />
      <Choice
        label="Licence area"
        hint="That of the node, unless you choose another."
        fault={fault('licenceArea')}
        value={draft.licenceArea}
        onChange={(event) => set({ licenceArea: event.currentTarget.value })}
      >
        <option value="">choose one</option>
        {areas.map(({ code, name }) => (
          <option key={code} value={code}>
            {name} ({code})
          </option>
        ))}
      </Choice>
      {text('ascKva', 'Supply capacity', {
        unit: 'kVA',
        isNumber: true,
        hint: 'As agreed with the customer: the import limit where no profile is in force. Changing it later needs a second person.',
      })}
      {text('exportKva', 'Export capacity', {
        unit: 'kVA',
        isNumber: true,
        hint: 'Empty: not stated, so nothing is limited. 0: no export is allowed.',
      })}
      {text('powerFactor', 'Power factor', { isNumber: true, hint: 'Turns both capacities into kW.' })}
    </Fields>
  )
}
