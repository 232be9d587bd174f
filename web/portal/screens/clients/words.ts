import type { ApiClient } from '../../../../schemas/access/clients.ts'
import type { Customer } from '../../../../schemas/access/customers.ts'
import type { Fsp } from '../../../../schemas/market/parties.ts'

export const authenticationWords: Record<ApiClient['authentication'], string> = {
  client_secret_basic: 'a secret',
  private_key_jwt: 'a key of its own',
}

/** Whose program a client is, by name. */
export function ownerOf(
  { clientId, kind, subjectId }: Pick<ApiClient, 'clientId' | 'kind' | 'subjectId'>,
  { fsps, customers }: { fsps: readonly Fsp[]; customers: readonly Customer[] },
): string {
  if (kind === 'fsp') return fsps.find(({ fspId }) => fspId === subjectId)?.companyName ?? 'FSP, not accepted'
  if (kind === 'customer') return customers.find(({ customerId }) => customerId === subjectId)?.name ?? 'customer'
  if (clientId.startsWith('monitor-')) return 'monitor of a customer'
  // A gateway's client has the gateway's name; everybody else's says whose it is.
  return subjectId === clientId ? 'gateway' : subjectId
}
