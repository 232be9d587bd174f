import type { Session } from '../../schemas/access/sessions.ts'
import { followRefusals, sessionQuery } from '../shared/api/session.ts'
import { followServer } from '../shared/clock.ts'
import { startFace } from '../shared/start-face.tsx'
import { queryClient } from './queries.ts'
import { router } from './router.tsx'
import { toLogIn } from './session.ts'

/** Shows the customers' face. @param session as it was just read; without it the screens ask for it again, and tell what is wrong. */
export function start(session: Session | undefined): void {
  if (session) {
    followServer(session.at)
    queryClient.setQueryData(sessionQuery.queryKey, session)
  }
  followRefusals(queryClient, toLogIn)
  startFace(queryClient, router)
}
