import type { PortalAccount } from '../../../schemas/access/accounts.ts'
import type { account } from './tables.ts'

export function viewAccount(row: typeof account.$inferSelect): PortalAccount {
  const { accountId, username, fullName, roles, fspId, customerId, active } = row
  const [external, hasSecondFactor] = [row.externalSubject !== null, row.sealedTotp !== null]
  return { accountId, username, fullName, roles, fspId, customerId, external, active, hasSecondFactor }
}
