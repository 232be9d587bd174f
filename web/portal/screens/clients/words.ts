import type { ApiClient } from '../../../../schemas/access/clients.ts'
import type { Customer } from '../../../../schemas/access/customers.ts'
import type { DataProvider } from '../../../../schemas/access/data-providers.ts'
import type { Fsp } from '../../../../schemas/market/parties.ts'

export const authenticationWords: Record<ApiClient['authentication'], string> = {
  client_secret_basic: 'a secret',
  private_key_jwt: 'a key of its own',
}

/** Those who may have clients. */
export interface Owners {
  fsps: readonly Fsp[]
  customers: readonly Customer[]
  providers: readonly DataProvider[]
}

/** Whose program a client is, by name. */
export function ownerOf(
  { clientId, kind, subjectId }: Pick<ApiClient, 'clientId' | 'kind' | 'subjectId'>,
  { fsps, customers, providers }: Owners,
): string {
  if (kind === 'fsp') return fsps.find(({ fspId }) => fspId === subjectId)?.companyName ?? 'FSP, not accepted'
  if (kind === 'customer') return customers.find(({ customerId }) => customerId === subjectId)?.name ?? 'customer'
  if (kind === 'provider') return providers.find(({ providerId }) => providerId === subjectId)?.name ?? 'data provider'
  if (clientId.startsWith('monitor-')) return 'monitor of a customer'
  // A gateway's client has the gateway's name; everybody else's says whose it is.
  return subjectId === clientId ? 'gateway' : subjectId
}
