import { Hono } from 'hono'
import { compress } from 'hono/compress'
import { cors } from 'hono/cors'
import { createApi } from '../../platform/http/index.ts'
import type { TokenVerifier } from '../../platform/oauth/index.ts'
import { adminRoutes, authenticator, logInRoutes, type PortalLogIn, sessionRoutes } from '../access/index.ts'
import { dispatchRoutes } from '../dispatch/index.ts'
import { gridRoutes } from '../grid/index.ts'
import type { ActorVariables, ServerContext } from '../kit/index.ts'
import { marketRoutes } from '../market/index.ts'
import { loadRoutes } from '../planning/index.ts'
import { baselines, deliveredOn, metering, settlementTerms, statements } from '../settlement/index.ts'
import { type DemoAccount, demoRoutes } from './demo-routes.ts'
import { apiDocument, controlDocument, describeSecurity, fspDocument } from './documents.ts'
import type { EventBus } from './events.ts'
import { portalRoutes } from './portal-routes.ts'
import { docsFiles, portalFiles } from './static.ts'

export interface ApiParts {
  context: ServerContext
  bus: EventBus
  verifyToken: TokenVerifier
  demoAccounts: readonly DemoAccount[]
  logIn: PortalLogIn
}

/** The API of every wing, behind one authenticator. */
export function createServerApi({ context, bus, verifyToken, demoAccounts, logIn }: ApiParts) {
  const api = createApi<ActorVariables>(context.log)
  api.use('*', authenticator(context.db, context.clock, verifyToken))
  const routers = [
    sessionRoutes(context),
    logInRoutes(context, logIn),
    adminRoutes(context),
    demoRoutes(demoAccounts),
    portalRoutes(context, bus),
    gridRoutes(context),
    loadRoutes(context),
    marketRoutes(context),
    dispatchRoutes(context, deliveredOn),
    ...[metering, baselines, statements, settlementTerms].map((bound) => bound.routes(context)),
  ]
  for (const router of routers) api.route('/', router)
  return api
}

/** Whether the process can do its work now; a sentence that says why not. */
export type Readiness = () => Promise<string | null>

/** Everything that the server's port serves beside the authorization server. */
export function createSite(
  api: ReturnType<typeof createServerApi>,
  options: { publicUrl: string; portalFolder: string; readiness: Readiness },
) {
  const site = new Hono()
  // What is large and the same for everybody; the stream of news must not wait for a compressor.
  for (const path of ['/assets/*', '/docs/*', '/openapi.json', '/openapi-fsp.json', '/openapi-control.json'])
    site.use(path, compress())
  site.get('/healthz', (c) => c.text('ok'))
  site.get('/readyz', async (c) => {
    const fault = await options.readiness()
    return fault ? c.text(fault, 503) : c.text('ready')
  })
  describeSecurity(api, options.publicUrl)
  const document = apiDocument(api, options.publicUrl)
  for (const [path, published] of Object.entries({
    '/openapi.json': document,
    '/openapi-fsp.json': fspDocument(document),
    '/openapi-control.json': controlDocument(),
  }))
    site.get(path, cors(), (c) => c.json(published))
  site.route('/', docsFiles())
  site.route('/api', api)
  site.route('/', portalFiles(options.portalFolder))
  return site
}
