import { Hono } from 'hono'
import { compress } from 'hono/compress'
import { cors } from 'hono/cors'
import { createApi } from '../../platform/http/index.ts'
import type { TokenVerifier } from '../../platform/oauth/index.ts'
import type { DemoAccount } from '../../schemas/access/sessions.ts'
import type { OperationGroups } from '../../schemas/operations.ts'
import { accounts, authenticator, clients, type PortalLogIn, sessions } from '../access/index.ts'
import { dispatchRoutes } from '../dispatch/index.ts'
import { gridRoutes } from '../grid/index.ts'
import type { ActorVariables, Bound, ServerContext } from '../kit/index.ts'
import { marketRoutes, parties } from '../market/index.ts'
import { loadRoutes } from '../planning/index.ts'
import { baselineRoutes, deliveredOn, meteringRoutes, refreshForecast, statementRoutes } from '../settlement/index.ts'
import { apiDocument, controlDocument, describeSecurity, fspDocument } from './documents.ts'
import type { EventBus } from './events.ts'
import { portal } from './portal.ts'
import { docsFiles, portalFiles } from './static.ts'

export interface ApiParts {
  context: ServerContext
  bus: EventBus
  verifyToken: TokenVerifier
  demoAccounts: readonly DemoAccount[]
  logIn: PortalLogIn
}

/** A binding for every group of operations: a group that nothing is bound to does not compile. */
type Bindings = { readonly [G in keyof OperationGroups]: Bound<OperationGroups[G]> }

function bindingsOf({ bus, demoAccounts, logIn }: ApiParts): Bindings {
  return {
    sessions: sessions(logIn, demoAccounts),
    accounts,
    clients,
    portal: portal(bus),
    parties,
  }
}

/** The API of every wing, behind one authenticator. */
export function createServerApi(parts: ApiParts) {
  const { context, verifyToken } = parts
  const api = createApi<ActorVariables>(context.log)
  api.use('*', authenticator(context.db, context.clock, verifyToken))
  const routers = [
    ...Object.values(bindingsOf(parts)).map((bound) => bound.routes(context)),
    gridRoutes(context),
    loadRoutes(context),
    marketRoutes(context),
    dispatchRoutes(context, deliveredOn),
    meteringRoutes(context, (fuId) => refreshForecast(context, fuId)),
    baselineRoutes(context),
    statementRoutes(context),
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
