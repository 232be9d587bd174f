import { type QueryClient, useQuery } from '@tanstack/react-query'
import type { Session } from '../../schemas/access/sessions.ts'
import type { Role } from '../../schemas/vocabulary/roles.ts'
import { ApiProblem } from '../shared/api/client.ts'
import { roleWords } from '../shared/format/words.ts'
import { sessionQuery } from './queries.ts'

/** Leads to the log-in page, and back afterwards, as soon as any call is answered 401. */
export function goToLogInWhenLoggedOut(
  queries: QueryClient,
  router: { navigate: (to: { to: '/log-in'; search: { next: string } }) => Promise<void> },
): void {
  const onError = (error: unknown) => {
    const { pathname, search } = window.location
    if (!(error instanceof ApiProblem) || error.status !== 401 || pathname === '/log-in') return
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
