import { type QueryClient, useMutation, useQuery } from '@tanstack/react-query'
import type { DepotSession } from '../../schemas/fsp/depot-access.ts'
import { fspOperations } from '../../schemas/fsp/operations.ts'
import type { DepotRole } from '../../schemas/vocabulary/roles.ts'
import { ApiProblem, api, token } from './api.ts'
import { queryClient, sessionQuery } from './queries.ts'
import { roleWords } from './words.ts'

/** Leads to the log-in page, and back afterwards, as soon as any call says that nobody is logged in. */
export function followRefusals(
  queries: QueryClient,
  router: {
    readonly state: { readonly location: { readonly href: string; readonly pathname: string } }
    navigate: (to: { to: '/log-in'; search: { next: string } }) => Promise<void>
  },
): void {
  const onError = (error: unknown) => {
    const { href, pathname } = router.state.location
    if (!(error instanceof ApiProblem) || error.status !== 401 || pathname === '/log-in') return
    token.forget()
    queries.removeQueries({ queryKey: sessionQuery.queryKey })
    void router.navigate({ to: '/log-in', search: { next: href } })
  }
  queries.getQueryCache().config.onError = onError
  queries.getMutationCache().config.onError = onError
}

/** Who is logged in; screens below the frame are shown only with a session. */
export function useSession(): DepotSession | undefined {
  return useQuery(sessionQuery).data
}

/** Why this person may not change something that needs one of these roles, at a depot where there is one; `null` when they may. */
export function useRefusal(roles: readonly DepotRole[], depotId?: string): string | null {
  const session = useSession()
  if (!session || session.role === 'sys-admin') return null
  if (!roles.includes(session.role)) return `This needs the role ${roles.map((role) => roleWords[role]).join(' or ')}.`
  if (depotId === undefined || session.depotIds === null || session.depotIds.includes(depotId)) return null
  return 'You see this depot, and may not change anything here.'
}

/** Ends the session, here even if the FSP does not answer. */
export function useLogOut() {
  return useMutation({
    mutationFn: () => api.call(fspOperations.logOut, {}),
    onSettled: () => {
      token.forget()
      queryClient.clear()
      window.location.assign('/portal/log-in')
    },
  })
}
