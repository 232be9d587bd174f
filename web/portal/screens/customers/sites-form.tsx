import { Button } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { ConnectionSummary } from '../../../../schemas/grid/connections.ts'
import type { CustomerSites } from '../../../../schemas/market/customers.ts'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { Field, Fields } from '../../../shared/components/fields.tsx'
import { Nothing } from '../../../shared/components/notice.tsx'
import { SaveProblem } from '../../../shared/components/save-problem.tsx'
import { TwoStep } from '../../../shared/components/two-step.tsx'
import { count } from '../../../shared/format/power.ts'
import { customerQuery } from '../../customer-queries.ts'
import { waitingQuery } from '../../proposal-queries.ts'
import { connectionQuery, connectionSearchQuery } from '../../queries.ts'
import { useRefusal } from '../../session.ts'
import styles from './customers.module.css'

interface SitesFormProps {
  name: string
  sites: CustomerSites
  onReload: () => void
}

/** Which connections are a customer’s: added ones wait for a second person, removed ones are gone at once. */
export function SitesForm({ name, sites, onReload }: SitesFormProps) {
  const [chosen, setChosen] = useState<readonly string[]>(sites.connectionIds)
  const refusal = useRefusal('planner')
  const added = chosen.filter((id) => !sites.connectionIds.includes(id))
  const removed = sites.connectionIds.filter((id) => !chosen.includes(id))
  const save = useSave(sites, chosen, () => setChosen(sites.connectionIds))
  const isUnchanged = added.length === 0 && removed.length === 0
  return (
    <div className={styles.form}>
      {chosen.length === 0 && <Nothing>This customer has no site.</Nothing>}
      <ul className={styles.sites}>
        {chosen.map((id) => (
          <SiteRow
            key={id}
            connectionId={id}
            isNew={added.includes(id)}
            refusal={refusal}
            onRemove={() => setChosen(chosen.filter((each) => each !== id))}
          />
        ))}
      </ul>
      {refusal === null && <Search chosen={chosen} onAdd={(id) => setChosen([...chosen, id])} />}
      {save.isError && <SaveProblem error={save.error} fields={[]} onReload={onReload} />}
      <span>
        <TwoStep
          primary
          label="Save the sites"
          refusal={refusal ?? (isUnchanged ? 'No site was added or removed.' : null)}
          action={save}
          consequence={consequenceOf(name, added.length, removed.length)}
        />
      </span>
    </div>
  )
}

function consequenceOf(name: string, added: number, removed: number): string {
  const loss = removed > 0 ? `${name} no longer sees ${count(removed, 'site')}, and its consents for it end.` : ''
  if (added === 0) return `${loss} This happens at once.`
  return `${name} will see load and limits of ${count(added, 'more site')}. ${loss} A second person has to approve this first.`
}

function useSave({ customerId, etag }: CustomerSites, chosen: readonly string[], onProposed: () => void) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () =>
      api.call(operations.saveCustomerSites, {
        params: { customerId },
        body: { connectionIds: [...chosen] },
        version: etag,
      }),
    async onSuccess(answer) {
      if ('proposalId' in answer) onProposed()
      await queries.invalidateQueries({ queryKey: customerQuery(customerId).queryKey })
      await queries.invalidateQueries({ queryKey: waitingQuery.queryKey })
    },
  })
}

interface SiteRowProps {
  connectionId: string
  isNew: boolean
  refusal: string | null
  onRemove: () => void
}

function SiteRow({ connectionId, isNew, refusal, onRemove }: SiteRowProps) {
  const { data } = useQuery(connectionQuery(connectionId))
  const name = data?.name ?? connectionId
  return (
    <li>
      <span>
        <Link to="/connections/$connectionId" params={{ connectionId }}>
          {name}
        </Link>
        {data && <span className="rm-secondary"> {siteInWords(data)}</span>}
        {isNew && ' (new)'}
      </span>
      <Button aria-label={`Remove ${name}`} disabled={refusal !== null} title={refusal ?? undefined} onClick={onRemove}>
        Remove
      </Button>
    </li>
  )
}

function siteInWords({ mpans, customer }: Pick<ConnectionSummary, 'mpans'> & { customer?: string }): string {
  return [`MPAN ${mpans.join(', ')}`, ...(customer ? [customer] : [])].join(' · ')
}

function Search({ chosen, onAdd }: { chosen: readonly string[]; onAdd: (connectionId: string) => void }) {
  const [text, setText] = useState('')
  const [settled] = useDebouncedValue(text, 200)
  const { data } = useQuery(connectionSearchQuery(settled))
  const found = settled.trim() === '' ? [] : (data?.items ?? [])
  return (
    <>
      <Fields>
        <Field
          label="Add a site"
          type="search"
          placeholder="Name, address or MPAN"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </Fields>
      {settled.trim() !== '' && data && found.length === 0 && <Nothing>No connection matches this search.</Nothing>}
      <ul className={styles.sites} aria-label="Connections found">
        {found.map((site) => (
          <li key={site.connectionId}>
            <span>
              {site.name} <span className="rm-secondary">{siteInWords(site)}</span>
            </span>
            {chosen.includes(site.connectionId) ? (
              <span className="rm-secondary">on the list</span>
            ) : (
              <Button aria-label={`Add ${site.name}`} onClick={() => onAdd(site.connectionId)}>
                Add
              </Button>
            )}
          </li>
        ))}
      </ul>
    </>
  )
}
