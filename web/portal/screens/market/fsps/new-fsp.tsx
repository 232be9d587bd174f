import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { z } from 'zod'
import type { FspApplication, FspApplicationReceipt, fspApplication } from '../../../../../schemas/market/parties.ts'
import { operations } from '../../../../../schemas/operations.ts'
import { ApiProblem, api } from '../../../../shared/api/client.ts'
import { Copy } from '../../../../shared/components/copy.tsx'
import { LinkButton } from '../../../../shared/components/link-button.tsx'
import { Notice, ProblemNotice } from '../../../../shared/components/notice.tsx'
import { Facts, Page, Section } from '../../../../shared/components/page.tsx'
import { fspsQuery } from '../../../queries.ts'
import { useRefusal } from '../../../session.ts'
import { type FspDraft, newFspDraft, readFsp } from './fsp-draft.ts'
import { FspFields } from './fsp-fields.tsx'

/** Registers an FSP on its behalf: what it would send itself, entered by the DNO. It waits for two people, as every application. */
export function NewFsp() {
  const [receipt, setReceipt] = useState<FspApplicationReceipt | null>(null)
  return (
    <Page
      title="Register an FSP"
      subtitle="An FSP may also apply by itself, over the API."
      actions={<LinkButton to="/market/fsps">All FSPs</LinkButton>}
    >
      {receipt ? <Receipt receipt={receipt} /> : <ApplicationForm onDone={setReceipt} />}
    </Page>
  )
}

function ApplicationForm({ onDone }: { onDone: (receipt: FspApplicationReceipt) => void }) {
  const [draft, setDraft] = useState<FspDraft>(newFspDraft)
  const [tried, setTried] = useState(false)
  const queries = useQueryClient()
  const refusal = useRefusal('flexibility-engineer')
  const { application, faults } = readFsp(draft)
  const apply = useMutation({
    mutationFn: (body: FspApplication) =>
      api.call(operations.applyAsFsp, { body: body as z.input<typeof fspApplication> }),
    async onSuccess(made) {
      await queries.invalidateQueries({ queryKey: fspsQuery.queryKey })
      onDone(made)
    },
  })
  const refused = apply.error instanceof ApiProblem ? apply.error.problem.errors : []
  const fault = (field: string) =>
    tried ? (faults.get(field) ?? refused?.find((error) => error.field === `controlApi.${field}`)?.message) : undefined
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (application) apply.mutate(application)
  }
  return (
    <Section>
      <form onSubmit={onSubmit} noValidate style={{ display: 'grid', gap: 16 }}>
        <FspFields draft={draft} fault={fault} set={(change) => setDraft((before) => ({ ...before, ...change }))} />
        <Notice>
          Nothing is sent to it and it gets no tokens before it is accepted: one person proposes that, another approves.
        </Notice>
        {apply.isError && <ProblemNotice error={apply.error} />}
        <span>
          <Button
            type="submit"
            variant="filled"
            loading={apply.isPending}
            disabled={refusal !== null}
            title={refusal ?? undefined}
          >
            Register
          </Button>
          {refusal && <span className="rm-secondary"> {refusal}</span>}
        </span>
      </form>
    </Section>
  )
}

/** What the FSP needs to configure its program. */
function Receipt({ receipt }: { receipt: FspApplicationReceipt }) {
  const { applicationId, clientId, clientSecret, tokenEndpoint, issuer, jwksUri, resource, scope } = receipt
  const facts = [
    ['Client', clientId],
    ...(clientSecret === null ? [] : [['Secret', clientSecret] as const]),
    ['Token endpoint', tokenEndpoint],
    ['Issuer', issuer],
    ['The DNO’s public keys', jwksUri],
    ['Resource', resource],
    ['Scope', scope],
  ] as const
  return (
    <Section
      title="Registered"
      actions={<Copy label="Copy all" text={facts.map(([term, value]) => `${term}: ${value}`).join('\n')} />}
    >
      {clientSecret !== null && (
        <Notice tone="risk" title="The secret is shown only this once">
          Pass it to the FSP by a safe way, before you leave this page. The server keeps a digest only.
        </Notice>
      )}
      <Facts items={facts.map(([term, value]) => [term, <code key={term}>{value}</code>])} />
      <p>
        <LinkButton to="/market/fsps" search={{ fsp: applicationId }} variant="filled">
          Decide on the application
        </LinkButton>
      </p>
    </Section>
  )
}
