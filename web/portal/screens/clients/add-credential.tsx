import { Button, Textarea } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { ApiClient } from '../../../../schemas/access/clients.ts'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { useNow } from '../../../shared/clock.ts'
import { Choice, Field, Fields } from '../../../shared/components/fields.tsx'
import { Notice, ProblemNotice } from '../../../shared/components/notice.tsx'
import { fixed } from '../../../shared/format/power.ts'
import { instantOfLocal } from '../../../shared/format/time.ts'
import styles from './clients.module.css'
import { validAt } from './conditions.ts'
import { readJwk } from './jwk.ts'
import { SecretOnce } from './secret-once.tsx'
import { useClientChange } from './use-client-change.ts'

const overlaps = {
  week: 'in a week: a rotation',
  now: 'now: one of them has leaked',
  never: 'as they would anyway',
} as const
type Overlap = keyof typeof overlaps

interface Draft {
  kind: 'secret' | 'key'
  key: string
  overlap: Overlap
  /** A local day; empty for the longest. */
  until: string
}

/** Gives a client another key or secret, and says when the others end, so that it changes over without an outage. */
export function AddCredential({ client }: { client: ApiClient }) {
  const isWithKey = client.authentication === 'private_key_jwt' || !client.secretsAllowed
  const [draft, setDraft] = useState<Draft>({ kind: isWithKey ? 'key' : 'secret', key: '', overlap: 'week', until: '' })
  const [tried, setTried] = useState(false)
  const now = useNow()
  const read = draft.kind === 'key' ? readJwk(draft.key) : null
  const add = useClientChange<void, Made>(() => send(client.clientId, draft, now))
  const set = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }))
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!read || read.ok) add.mutate(undefined, { onSuccess: () => set({ key: '' }) })
  }
  const others = validAt(client, now).length
  const secret = add.data?.clientSecret
  return (
    <form className={styles.form} onSubmit={onSubmit} noValidate>
      <Fields>
        <Choice
          label="Kind"
          value={draft.kind}
          hint={kindHint(isWithKey, draft.kind)}
          onChange={(event) => set({ kind: event.currentTarget.value === 'key' ? 'key' : 'secret' })}
        >
          <option value="key">a public key</option>
          <option value="secret" disabled={isWithKey}>
            a secret
          </option>
        </Choice>
        {others > 0 && (
          <Choice
            label={others === 1 ? 'The present one ends' : `The ${fixed(others, 0)} present ones end`}
            value={draft.overlap}
            onChange={(event) => set({ overlap: event.currentTarget.value as Overlap })}
          >
            {Object.entries(overlaps).map(([value, words]) => (
              <option key={value} value={value}>
                {words}
              </option>
            ))}
          </Choice>
        )}
        <Field
          label="The new one ends on"
          type="date"
          value={draft.until}
          hint={
            draft.kind === 'secret'
              ? 'At most in a year, which is also what no day means.'
              : 'Without a day it has no end.'
          }
          onChange={(event) => set({ until: event.currentTarget.value })}
        />
      </Fields>
      {draft.kind === 'key' && (
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
      {add.isError && <ProblemNotice error={add.error} />}
      {secret && <SecretOnce clientId={client.clientId} secret={secret} />}
      {add.isSuccess && !secret && <Notice>The key is added: the client may use it at once.</Notice>}
      <span>
        <Button type="submit" loading={add.isPending}>
          {draft.kind === 'key' ? 'Add the key' : 'Make a secret'}
        </Button>
      </span>
    </form>
  )
}

function kindHint(isWithKey: boolean, kind: Draft['kind']): string | undefined {
  if (isWithKey) return 'This client has keys, or may have no secret.'
  return kind === 'key' ? 'From its first key on its secrets are refused.' : undefined
}

const weekMs = 7 * 86_400_000

/** The client, with a secret that it was given just now. */
type Made = ApiClient & { clientSecret?: string | null }

async function send(clientId: string, { kind, key, overlap, until }: Draft, now: number): Promise<Made> {
  const times = {
    ...(overlap === 'never' ? {} : { othersEndAt: new Date(overlap === 'now' ? now : now + weekMs).toISOString() }),
    ...(until === '' ? {} : { expiresAt: instantOfLocal(`${until}T00:00`) }),
  }
  const params = { clientId }
  if (kind === 'secret') return api.call(operations.addClientSecret, { params, body: times })
  const read = readJwk(key)
  if (!read.ok) throw new Error(read.fault)
  return api.call(operations.addClientKey, { params, body: { jwk: read.jwk, ...times } })
}
