import { operations } from '../../schemas/operations.ts'
import { ApiProblem, api } from '../shared/api/client.ts'
import { toLogIn } from './session.ts'

/**
 * Who is not logged in is led to the log-in of the DNO's server before this face is loaded: its screens would be a third of what a stranger
 * waits for. Any other fault is for the screens to tell.
 */
async function begin(): Promise<void> {
  const session = await api.call(operations.readSession, {}).catch((error: unknown) => {
    if (error instanceof ApiProblem && error.status === 401) return 'nobody' as const
    return undefined
  })
  if (session === 'nobody') return toLogIn(window.location.pathname + window.location.search)
  const { start } = await import('./start.tsx')
  start(session)
}

void begin()
