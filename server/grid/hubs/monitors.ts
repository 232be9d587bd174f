import type { Queryable } from '../../../platform/db/index.ts'
import type { MonitorCredentials } from '../../../schemas/grid/measurements.ts'
import { saveClient } from '../../access/index.ts'
import type { ServerContext } from '../../kit/index.ts'

/** How a customer's monitor gets its tokens, without the secret. */
export function credentialsOf({ publicUrl }: ServerContext, hubId: string): Omit<MonitorCredentials, 'clientSecret'> {
  return { hubId, clientId: `monitor-${hubId}`, scope: 'gateway', tokenEndpoint: `${publicUrl}/oidc/token` }
}

/** Gives the client of a monitor a new secret; creates the client if it does not exist. */
export function saveSecret(tx: Queryable, clientId: string, secret: string): Promise<void> {
  return saveClient(tx, {
    clientId,
    kind: 'gateway',
    subjectId: clientId,
    scopes: ['gateway'],
    active: true,
    authentication: { method: 'client_secret_basic', secret },
  })
}
