import { QueryClient, queryOptions, useMutation, useQuery } from '@tanstack/react-query'
import type { Session } from '../../../schemas/access/sessions.ts'
import { operations } from '../../../schemas/operations.ts'
import { followServer } from '../clock.ts'
import { ApiProblem, addressOf, api } from './client.ts'

/** One cache of the API's answers for a whole face of the DNO's server. Answers stay fresh until news of their topic come (live.ts). */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        retry: (failures, error) => failures < 2 && error instanceof ApiProblem && [0, 503].includes(error.status),
      },
    },
  })
}

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }) => {
    const answer = await api.call(operations.readSession, {}, { signal })
    followServer(answer.at)
    return answer
  },
  staleTime: 5 * 60_000,
})

/** Refusals of a proof: they answer what a person has entered, and do not mean that nobody is logged in. */
const proofRefusals: readonly (string | null)[] = ['wrong-credentials', 'second-factor-needed']

/**
 * Leads to the log-in page, and back afterwards, as soon as any call is answered 401; and reads the session again once a call is refused
 * because the account needs something first.
 * @param toLogIn takes the path with its search to come back to.
 */
export function followRefusals(queries: QueryClient, toLogIn: (next: string) => void): void {
  const onError = (error: unknown) => {
    if (!(error instanceof ApiProblem)) return
    if (error.kind === 'account-incomplete') void queries.invalidateQueries({ queryKey: sessionQuery.queryKey })
    const { pathname, search } = window.location
    if (error.status !== 401 || proofRefusals.includes(error.kind) || pathname === '/log-in') return
    queries.removeQueries({ queryKey: sessionQuery.queryKey })
    toLogIn(pathname + search)
  }
  queries.getQueryCache().config.onError = onError
  queries.getMutationCache().config.onError = onError
}

/** Who is logged in; screens below the frame are shown only with a session. */
export function useSession(): Session | undefined {
  return useQuery(sessionQuery).data
}

/** Ends the session. The page is left, so that nothing of this person stays in it, and an issuer elsewhere ends its own session. */
export function useLogOut() {
  return useMutation({
    mutationFn: () => api.call(operations.logOut, {}),
    onSuccess: () => window.location.assign(addressOf(operations.logOutAtIssuer, {})),
  })
}
