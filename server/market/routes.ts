import { type ServerContext, serverRouter } from '../access/index.ts'
import { partyRoutes, type TokenIssuer } from './parties/index.ts'
import { submissionRoutes } from './schedules/index.ts'
import { tenderRoutes } from './tenders/index.ts'

/** Every route of the wing. */
export function marketRoutes(context: ServerContext, issuer: TokenIssuer) {
  const router = serverRouter()
  for (const slice of [partyRoutes(context, issuer), tenderRoutes(context), submissionRoutes(context)])
    router.route('/', slice)
  return router
}
