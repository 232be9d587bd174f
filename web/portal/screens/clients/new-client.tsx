import { Button, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { ApiClient } from '../../../../schemas/access/clients.ts'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { Choice, Field, Fields } from '../../../shared/components/fields.tsx'
import { ProblemNotice } from '../../../shared/components/notice.tsx'
import { customersQuery } from '../../customer-queries.ts'
import { dataProvidersQuery } from '../../data-feed-queries.ts'
import styles from './clients.module.css'
import { readJwk } from './jwk.ts'
import { SecretOnce } from './secret-once.tsx'
import { useClientChange } from './use-client-change.ts'

interface Draft {
  clientId: string
  /** Whose client it is: of a customer or a data provider its kind and identifier; empty for a gateway's. */
  owner: '' | `customer ${string}` | `provider ${string}`
  method: 'private_key_jwt' | 'client_secret_basic'
  key: string
}

interface NewClientProps {
  /** Identifiers that are in use. */
  taken: readonly string[]
  onDone: (clientId: string) => void
}

/** Creates the client of a gateway, of a customer or of a data provider; a secret of it is shown once. */
export function NewClient({ taken, onDone }: NewClientProps) {
  const [draft, setDraft] = useState<Draft>({ clientId: '', owner: '', method: 'private_key_jwt', key: '' })
  const [tried, setTried] = useState(false)
  const customers = useQuery(customersQuery).data ?? []
  const providers = useQuery(dataProvidersQuery).data ?? []
  const make = useClientChange(() => create(draft))
  const idFault = identifierFault(draft.clientId, taken)
  const read = draft.method === 'private_key_jwt' ? readJwk(draft.key) : null
  const set = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }))
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (idFault !== null || (read && !read.ok)) return
    make.mutate(undefined, { onSuccess: ({ clientSecret }) => clientSecret === null && onDone(draft.clientId) })
  }
  if (make.data?.clientSecret)
    return (
      <div className={styles.form}>
        <SecretOnce clientId={make.data.clientId} secret={make.data.clientSecret} />
        <span>
          <Button variant="filled" onClick={() => onDone(draft.clientId)}>
            I have passed it on
          </Button>
        </span>
      </div>
    )
  return (
    <form className={styles.form} onSubmit={onSubmit} noValidate>
      <Fields>
        <Choice
          label="Whose"
          value={draft.owner}
          hint="FSPs get theirs with their applications, monitors when they are registered."
          onChange={(event) => set({ owner: event.currentTarget.value as Draft['owner'] })}
        >
          <option value="">a gateway’s</option>
          {customers.map(({ customerId, name }) => (
            <option key={customerId} value={`customer ${customerId}`}>
              {name}’s
            </option>
          ))}
          {providers.map(({ providerId, name }) => (
            <option key={providerId} value={`provider ${providerId}`}>
              {name}’s, for the data that it delivers
            </option>
          ))}
        </Choice>
        <Field
          label="Identifier"
          value={draft.clientId}
          fault={tried ? idFault : null}
          hint={draft.owner === '' ? 'The gateway’s name, such as gateway-north' : undefined}
          onChange={(event) => set({ clientId: event.currentTarget.value.trim() })}
        />
        <Choice
          label="Proves itself with"
          value={draft.method}
          hint={draft.method === 'client_secret_basic' ? 'It lasts a year at most, and is shown once.' : undefined}
          onChange={(event) => set({ method: event.currentTarget.value as Draft['method'] })}
        >
          <option value="private_key_jwt">a key of its own: no secret of it is kept anywhere else</option>
          <option value="client_secret_basic">a secret that the server makes</option>
        </Choice>
      </Fields>
      {draft.method === 'private_key_jwt' && (
        <Textarea
          size="sm"
          label="Public key (JWK)"
          autosize
          minRows={4}
          maxRows={10}
          value={draft.key}
          error={tried && read && !read.ok ? read.fault : undefined}
          onChange={(event) => set({ key: event.currentTarget.value })}
        />
      )}
      {make.isError && <ProblemNotice error={make.error} />}
      <span>
        <Button type="submit" variant="filled" loading={make.isPending}>
          Create
        </Button>
      </span>
    </form>
  )
}

/** Why an identifier cannot be a new client's; `null` if it can. */
function identifierFault(clientId: string, taken: readonly string[]): string | null {
  if (clientId === '') return 'Enter the identifier that the program will use.'
  if (/^(fsp|monitor)-/.test(clientId)) return 'Identifiers with fsp- and monitor- are given by the server.'
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(clientId)) return 'Use letters, digits and . _ - only, at most 100.'
  return taken.includes(clientId) ? 'There is a client of this name: give it another key or secret instead.' : null
}

function create({ clientId, owner: of, method, key }: Draft): Promise<ApiClient & { clientSecret: string | null }> {
  const [kind, id] = of.split(' ')
  const owner = {
    clientId,
    customerId: kind === 'customer' && id ? id : null,
    providerId: kind === 'provider' && id ? id : null,
  }
  if (method === 'client_secret_basic')
    return api.call(operations.makeClient, { body: { ...owner, authentication: { method } } })
  const read = readJwk(key)
  if (!read.ok) return Promise.reject(new Error(read.fault))
  return api.call(operations.makeClient, { body: { ...owner, authentication: { method, jwks: { keys: [read.jwk] } } } })
}
