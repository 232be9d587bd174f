import type { ApiClient } from '../../../../schemas/access/clients.ts'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { useNow } from '../../../shared/clock.ts'
import { TwoStep } from '../../../shared/components/two-step.tsx'
import { count } from '../../../shared/format/power.ts'
import { dayAndTime } from '../../../shared/format/time.ts'
import styles from './clients.module.css'
import { credentialName, endInWords, validAt } from './conditions.ts'
import { useClientChange } from './use-client-change.ts'

type Credential = ApiClient['credentials'][number]

/** The keys and secrets of a client, each with its end and its last use, and the way to end it at once. */
export function Credentials({ client }: { client: ApiClient }) {
  if (client.credentials.length === 0) return <span>None: the client cannot authenticate until it gets one.</span>
  return (
    <ul className={styles.credentials}>
      {client.credentials.map((credential) => (
        <li key={credential.credentialId}>
          <CredentialItem client={client} credential={credential} />
        </li>
      ))}
    </ul>
  )
}

function CredentialItem({ client, credential }: { client: ApiClient; credential: Credential }) {
  const now = useNow()
  const { clientId } = client
  const { credentialId, createdAt, lastUsedAt, expiresAt } = credential
  const end = useClientChange<void, ApiClient>(() =>
    api.call(operations.endClientCredential, { params: { clientId, credentialId } }),
  )
  const name = credentialName(credential)
  const valid = validAt(client, now)
  const left = valid.filter((one) => one !== credential).length
  return (
    <>
      <strong className={styles.kid}>{name}</strong>
      <span className="rm-secondary">
        since {dayAndTime(createdAt)}; last used {lastUsedAt ? dayAndTime(lastUsedAt) : 'never'}; ends{' '}
        <span title={expiresAt ? dayAndTime(expiresAt) : undefined}>{endInWords(credential, now)}</span>
      </span>
      {valid.includes(credential) && (
        <span>
          <TwoStep
            label={`End ${name}`}
            refusal={null}
            action={end}
            consequence={
              left === 0
                ? `It is the only one that is valid: ${clientId} can fetch no token until it gets another. This cannot be undone.`
                : `${clientId} can no longer authenticate with it; ${count(left, 'other stays', 'others stay')} valid. Tokens that it has fetched work until they end. This cannot be undone.`
            }
          />
        </span>
      )}
    </>
  )
}
