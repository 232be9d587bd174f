import { type ServerContext, serverRouter } from '../kit/index.ts'
import { partyRoutes, type TokenIssuer } from './parties/index.ts'
import { gateRoutes, submissionRoutes } from './submissions/index.ts'
import { tenderRoutes } from './tenders/index.ts'

/** Every route of the wing. */
export function marketRoutes(context: ServerContext, issuer: TokenIssuer) {
  const router = serverRouter()
  const slices = [partyRoutes(context, issuer), tenderRoutes(context), submissionRoutes(context), gateRoutes(context)]
  for (const slice of slices) router.route('/', slice)
  return router
}
