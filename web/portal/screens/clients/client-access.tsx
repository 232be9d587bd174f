import { Checkbox } from '@mantine/core'
import type { ApiClient } from '../../../../schemas/access/clients.ts'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { Notice, ProblemNotice } from '../../../shared/components/notice.tsx'
import { TwoStep } from '../../../shared/components/two-step.tsx'
import styles from './clients.module.css'
import { useClientChange } from './use-client-change.ts'

interface Rules {
  active?: boolean
  requiresDpop?: boolean
  secretsAllowed?: boolean
}

/** Whether a client may fetch tokens, and what it must use for that. */
export function ClientAccess({ client, owner }: { client: ApiClient; owner: string }) {
  const { clientId, active, requiresDpop, secretsAllowed, authentication } = client
  const change = (rules: Rules) =>
    api.call(operations.setClientAccess, { params: { clientId }, body: { active, ...rules } })
  const setAccess = useClientChange<void, ApiClient>(() => change({ active: !active }))
  const setRule = useClientChange(change)
  const revoke = useClientChange<void, ApiClient>(() => api.call(operations.revokeTokens, { params: { clientId } }))
  const hasSecretsOnly = authentication === 'client_secret_basic'
  return (
    <div className={styles.form}>
      <div className={styles.actions}>
        <TwoStep
          label={active ? 'Block' : 'Admit again'}
          refusal={null}
          action={setAccess}
          consequence={
            active
              ? blockedInWords(client, owner)
              : `${clientId} may fetch tokens again, with the keys and secrets that it has.`
          }
        />
        <TwoStep
          label="Revoke its tokens"
          refusal={null}
          action={revoke}
          consequence={`Every access token that ${clientId} holds stops working at once. It may fetch new ones, so a program that runs goes on within seconds.`}
        />
      </div>
      {revoke.isSuccess && <Notice>Every token that was issued up to now is revoked.</Notice>}
      <Checkbox
        size="xs"
        label="Gets tokens with a proof of its own key only (DPoP)"
        description="A stolen token is then worth nothing. Tokens without a proof stop working at once."
        checked={requiresDpop}
        disabled={setRule.isPending}
        onChange={(event) => setRule.mutate({ requiresDpop: event.currentTarget.checked })}
      />
      <Checkbox
        size="xs"
        label="May authenticate with a secret"
        description={
          hasSecretsOnly && secretsAllowed
            ? 'It has secrets only: give it a key first, or it cannot fetch tokens.'
            : 'Only for devices that can do nothing else.'
        }
        checked={secretsAllowed}
        disabled={setRule.isPending || (hasSecretsOnly && secretsAllowed)}
        onChange={(event) => setRule.mutate({ secretsAllowed: event.currentTarget.checked })}
      />
      {setRule.isError && <ProblemNotice error={setRule.error} />}
    </div>
  )
}

/** What stops with a client, by what it is. */
function blockedInWords({ clientId, kind }: ApiClient, owner: string): string {
  const first = `${clientId} gets no tokens, and the ones that it holds stop working at once.`
  const besides: Readonly<Record<string, string>> = {
    fsp: `The people of ${owner} cannot use the portal while all its clients are blocked. Instructions still go to its control API.`,
    customer: `The people of ${owner} still see their sites in the portal.`,
    provider: `Nothing that ${owner} sends is taken until it is admitted again, and the silence of its feeds rings alarms.`,
    gateway:
      'Nothing that it measures arrives until it is admitted again; it keeps what it reads for as long as its disk allows.',
  }
  return [first, besides[kind]].filter((part) => part !== undefined).join(' ')
}
