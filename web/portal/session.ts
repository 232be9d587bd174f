import { type QueryClient, useMutation, useQuery } from '@tanstack/react-query'
import type { Session } from '../../schemas/access/sessions.ts'
import { operations } from '../../schemas/operations.ts'
import type { Role } from '../../schemas/vocabulary/roles.ts'
import { ApiProblem, addressOf, api } from '../shared/api/client.ts'
import { roleWords } from '../shared/format/words.ts'
import { sessionQuery } from './queries.ts'

/** Refusals of a proof: they answer what a person has entered, and do not mean that nobody is logged in. */
const proofRefusals: readonly (string | null)[] = ['wrong-credentials', 'second-factor-needed']

/**
 * Leads to the log-in page, and back afterwards, as soon as any call is answered 401; and reads the session again once a call is refused
 * because the account needs something first.
 */
export function followRefusals(
  queries: QueryClient,
  router: { navigate: (to: { to: '/log-in'; search: { next: string } }) => Promise<void> },
): void {
  const onError = (error: unknown) => {
    if (!(error instanceof ApiProblem)) return
    if (error.kind === 'account-incomplete') void queries.invalidateQueries({ queryKey: sessionQuery.queryKey })
    const { pathname, search } = window.location
    if (error.status !== 401 || proofRefusals.includes(error.kind) || pathname === '/log-in') return
    queries.removeQueries({ queryKey: sessionQuery.queryKey })
    void router.navigate({ to: '/log-in', search: { next: pathname + search } })
  }
  queries.getQueryCache().config.onError = onError
  queries.getMutationCache().config.onError = onError
}

/** Who is logged in; screens below the frame are shown only with a session. */
export function useSession(): Session | undefined {
  return useQuery(sessionQuery).data
}

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

/** Ends the session. The page is left, so that nothing of this person stays in it, and an issuer elsewhere ends its own session. */
export function useLogOut() {
  return useMutation({
    mutationFn: () => api.call(operations.logOut, {}),
    onSuccess: () => window.location.assign(addressOf(operations.logOutAtIssuer, {})),
  })
}
