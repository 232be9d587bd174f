import type { Role } from '../../schemas/vocabulary/roles.ts'
import { useSession } from '../shared/api/session.ts'
import { roleWords } from '../shared/format/words.ts'

/** Why this person may not do something that needs one of these roles; `null` when they may. */
export function useRefusal(...roles: Role[]): string | null {
  const session = useSession()
  if (!session || [...roles, 'administrator' as const].some((role) => session.roles.includes(role))) return null
  return `This needs the role ${roles.map((role) => roleWords[role]).join(' or ')}.`
}

/** The FSP that the person logged in acts for; `null` for people of the DNO. */
export function useOwnFsp(): string | null {
  return useSession()?.fspId ?? null
}

/** The customer that the person logged in acts for; `null` for everybody else. */
export function useOwnCustomer(): string | null {
  return useSession()?.customerId ?? null
}
