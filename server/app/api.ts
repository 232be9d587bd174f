import { Hono } from 'hono'
import { compress } from 'hono/compress'
import { cors } from 'hono/cors'
import {
  createApi,
  portalFiles,
  type Readiness,
  serveHealth,
  type TrustedProxies,
  traceRequests,
} from '../../platform/http/index.ts'
import { countRequests, type ProcessMetrics } from '../../platform/metrics/index.ts'
import type { TokenVerifier } from '../../platform/oauth/index.ts'
import type { SpanMaker } from '../../platform/tracing/index.ts'
import type { DemoAccount } from '../../schemas/access/sessions.ts'
import type { OperationGroups } from '../../schemas/operations.ts'
import type { Operations } from '../../schemas/vocabulary/operation.ts'
import {
  accounts,
  audit,
  authenticator,
  clients,
  customers,
  dataProviders,
  ownAccount,
  type PortalLogIn,
  proposals,
  sessions,
  settings,
} from '../access/index.ts'
import { dispatchBindings } from '../dispatch/index.ts'
import { gridBindings } from '../grid/index.ts'
import { type ActorVariables, type Bound, onPool, type ServerContext } from '../kit/index.ts'
import { marketBindings } from '../market/index.ts'
import {
  dataFeeds,
  demandEditions,
  demandFleets,
  demandRuns,
  dynamicLimits,
  historyFeeds,
  load,
  nodeTerms,
  ownForecasts,
  planAssets,
  planRuns,
} from '../planning/index.ts'
import {
  baselines,
  dailyReports,
  deliveredOn,
  disputes,
  metering,
  reliability,
  settlementTerms,
  statements,
} from '../settlement/index.ts'
import { docsFiles } from './docs-files.ts'
import { apiDocument, controlDocument, describeSecurity, fspDocument } from './documents.ts'
import type { EventBus } from './events.ts'
import { portal } from './portal.ts'

export interface ApiParts {
  context: ServerContext
  bus: EventBus
  verifyToken: TokenVerifier
  trustedProxies: TrustedProxies
  demoAccounts: readonly DemoAccount[]
  logIn: PortalLogIn
}

/** A binding for every group of operations; an unbound group does not compile. */
type Bindings = { readonly [G in keyof OperationGroups]: Bound<OperationGroups[G]> }

function bindingsOf(parts: ApiParts): Bindings {
  const bindings = bindingsOfWings(parts)
  const acts = Object.values(bindings).flatMap((bound: Bound<Operations>) => [...bound.acts])
  return { ...bindings, proposals: proposals(new Map(acts)) }
}

/** Every binding but that of the proposals, which carry out what the others propose. */
function bindingsOfWings({ context, bus, demoAccounts, logIn }: ApiParts): Omit<Bindings, 'proposals'> {
  return {
    sessions: sessions(logIn, demoAccounts),
    ownAccount,
    accounts,
    clients,
    customers,
    dataProviders,
    audit,
    settings,
    portal: portal(bus),
    ...gridBindings,
    load,
    nodeTerms,
    ownForecasts,
    demandEditions,
    demandRuns,
    demandFleets,
    dynamicLimits,
    planAssets,
    planRuns,
    dataFeeds,
    historyFeeds,
    ...marketBindings,
    ...dispatchBindings(context, deliveredOn),
    metering,
    baselines,
    statements,
    disputes,
    settlementTerms,
    dailyReports,
    reliability,
  }
}

/** The API of every wing, behind one authenticator. */
export function createServerApi(parts: ApiParts) {
  const { context, verifyToken, trustedProxies } = parts
  const api = createApi<ActorVariables>(context.log)
  api.use('*', authenticator(onPool(context, 'access'), verifyToken, trustedProxies))
  for (const bound of Object.values(bindingsOf(parts))) api.route('/', bound.routes(context))
  return api
}

/** Where the customers' face is; the portal of the DNO has every other path. */
const plannerBase = '/planner'

/** Everything that the server's port serves apart from the authorization server. */
export function createSite(
  api: ReturnType<typeof createServerApi>,
  options: {
    publicUrl: string
    portalFolder: string
    plannerFolder: string
    readiness: Readiness
    metrics?: ProcessMetrics
    tracing?: SpanMaker
  },
) {
  const site = new Hono()
  if (options.metrics) site.use('*', countRequests(options.metrics))
  if (options.tracing) site.use('*', traceRequests(options.tracing))
  // Compress what is large and the same for everybody; the stream of events must not wait for a compressor.
  for (const path of [
    '/assets/*',
    `${plannerBase}/assets/*`,
    '/docs/*',
    '/openapi.json',
    '/openapi-fsp.json',
    '/openapi-control.json',
  ])
    site.use(path, compress())
  serveHealth(site, options.readiness)
  describeSecurity(api, options.publicUrl)
  const document = kept(() => apiDocument(api, options.publicUrl))
  for (const [path, published] of Object.entries({
    '/openapi.json': document,
    '/openapi-fsp.json': kept(() => fspDocument(document())),
    '/openapi-control.json': kept(controlDocument),
  }))
    site.get(path, cors(), (c) => c.json(published()))
  site.route('/', docsFiles())
  site.route('/api', api)
  site.get(plannerBase, (c) => c.redirect(`${plannerBase}/`))
  site.route('/', portalFiles(options.plannerFolder, plannerBase))
  site.route('/', portalFiles(options.portalFolder))
  return site
}

/** Makes something when it is first asked for. The documents take most of the time of a start, and most servers are never asked for them. */
function kept<T>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}
