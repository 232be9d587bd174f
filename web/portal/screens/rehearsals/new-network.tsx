import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useMemo, useState } from 'react'
import type { z } from 'zod'
import type { newPseudoNetwork } from '../../../../schemas/dispatch/rehearsals.ts'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { Field, Fields } from '../../../shared/components/fields.tsx'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Notice, ProblemNotice } from '../../../shared/components/notice.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { useUnsavedGuard } from '../../../shared/components/unsaved-guard.ts'
import { count } from '../../../shared/format/power.ts'
import { pseudoNetworksQuery } from '../../dispatch-queries.ts'
import { flexibleUnitsQuery, fspsQuery } from '../../queries.ts'
import { useRefusal } from '../../session.ts'
import { type NetworkDraft, newNetwork, readNetwork } from './network-draft.ts'
import { NetworkMembers } from './network-members.tsx'
import { NetworkNodes } from './network-nodes.tsx'

/** Makes a pseudo-network: nodes that are made up, and real FUs at them. */
export function NewPseudoNetwork() {
  const refusal = useRefusal('flexibility-engineer')
  return (
    <Page
      title="New pseudo-network"
      subtitle="Its nodes are made up; the real network stays as it is."
      actions={<LinkButton to="/rehearsals">All pseudo-networks</LinkButton>}
    >
      {refusal ? <Notice>{refusal}</Notice> : <NetworkForm />}
    </Page>
  )
}

function NetworkForm() {
  const [first] = useState(newNetwork)
  const [draft, setDraft] = useState<NetworkDraft>(first)
  const [tried, setTried] = useState(false)
  const queries = useQueryClient()
  const navigate = useNavigate()
  const letGo = useUnsavedGuard(draft !== first)
  const make = useMutation({
    mutationFn: (body: z.input<typeof newPseudoNetwork>) => api.call(operations.makePseudoNetwork, { body }),
    async onSuccess({ pseudoNetworkId }) {
      letGo()
      await queries.invalidateQueries({ queryKey: pseudoNetworksQuery.queryKey })
      await navigate({ to: '/rehearsals/$pseudoNetworkId', params: { pseudoNetworkId } })
    },
  })
  const { given, faults } = readNetwork(draft)
  const fault = (field: string) => (tried ? faults.get(field) : undefined)
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (given) make.mutate(given)
  }
  return (
    <form onSubmit={onSubmit} noValidate style={{ display: 'grid', gap: 16 }}>
      <Section>
        <Fields>
          <Field
            label="Name"
            maxLength={100}
            value={draft.name}
            fault={fault('name')}
            onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
          />
        </Fields>
      </Section>
      <Section title="Nodes">
        <NetworkNodes draft={draft} fault={fault} onChange={setDraft} />
      </Section>
      <Members draft={draft} onChange={setDraft} />
      {fault('members') && <Notice tone="fault">{fault('members')}</Notice>}
      {make.isError && <ProblemNotice error={make.error} />}
      <span>
        <Button type="submit" variant="filled" loading={make.isPending}>
          Make the pseudo-network
        </Button>{' '}
        <span className="rm-secondary">{count(draft.placed.size, 'FU')} in it</span>
      </span>
    </form>
  )
}

function Members({ draft, onChange }: { draft: NetworkDraft; onChange: (draft: NetworkDraft) => void }) {
  const query = useQuery(flexibleUnitsQuery)
  const fsps = useQuery(fspsQuery).data
  const units = useMemo(
    () =>
      (query.data ?? []).map((unit) => ({
        ...unit,
        fspName: fsps?.find((fsp) => fsp.fspId === unit.fspId)?.companyName ?? '',
      })),
    [query.data, fsps],
  )
  return (
    <Section title="FUs at the nodes" flush>
      <Loaded query={query}>{() => <NetworkMembers draft={draft} units={units} onChange={onChange} />}</Loaded>
    </Section>
  )
}
