import { fileURLToPath } from 'node:url'
import type { Clock, Timer } from '../../platform/clock/index.ts'
import {
  claimEnvironment,
  databaseFault,
  lazyDatabase,
  migrateDatabase,
  type OpenDatabase,
  openPools,
  runtimeRole,
} from '../../platform/db/index.ts'
import { type Listener, listen, safetyHeaders, traceMount, trustedProxiesOf } from '../../platform/http/index.ts'
import type { Log } from '../../platform/log/index.ts'
import { type MetricsPlace, type ProcessMetrics, serveMetrics } from '../../platform/metrics/index.ts'
import { createAuthorizationServer, createTokenVerifier, takeOnce } from '../../platform/oauth/index.ts'
import { createSecretBox, loadSecretKeys, resealColumns } from '../../platform/secrets/index.ts'
import type { Certificate } from '../../platform/tls/index.ts'
import { type SpanMaker, tracedClock } from '../../platform/tracing/index.ts'
import type { DemoAccount } from '../../schemas/access/sessions.ts'
import type { MeteringSettings } from '../../schemas/settlement/metering.ts'
import { scopes } from '../../schemas/vocabulary/roles.ts'
import { accessJobs, checkEnvironment, clientFinder, noteUse, tokenBrake } from '../access/index.ts'
import { dispatchJobs } from '../dispatch/index.ts'
import { gridJobs } from '../grid/index.ts'
import {
  onPool,
  type PeoplePolicy,
  peoplePolicies,
  poolOptions,
  type ServerContext,
  tokenIssuerAt,
  watchReplica,
} from '../kit/index.ts'
import { marketJobs } from '../market/index.ts'
import { dataFeedJobs, demandJobs, dynamicLimitJobs, loadModelJobs, sitePlanJobs } from '../planning/index.ts'
import { settlementJobs } from '../settlement/index.ts'
import { createServerApi, createSite } from './api.ts'
import { createEventBus } from './events.ts'
import { serverFigures } from './figures.ts'
import { serverGrants, serverMigrations } from './migrations.ts'
import { callbackOf, type PortalIssuer, portalClientId, portalLogIn } from './portal-issuer.ts'
import { sealedColumns } from './sealed.ts'

export interface ServerOptions extends MetricsPlace {
  databaseUrl: string
  /** The database by the user that owns it, if `databaseUrl` is of a user that only works in it: to migrate it at the start. */
  ownerDatabaseUrl?: string
  /** A streaming replica of it, for reports, and how many seconds it may be behind. */
  replica?: { url: string; maxLagS: number }
  host: string
  /** 0 takes any free port. */
  port: number
  /** The address at which FSPs, gateways and people reach this server; by default that of its port. */
  publicUrl?: string
  /** Addresses and ranges of the proxies in front of it, which state the callers' addresses; by default there is none. */
  trustedProxies?: readonly string[]
  /** File with the keys that seal stored secrets, the newest first; created on first use. `RINGMAIN_SECRET_KEY` overrides it. */
  secretKeyFile: string
  /** Serve the API, do the periodic work, or both. Servers that share a database may divide the two between them. */
  role: 'api' | 'worker' | 'both'
  environment: 'demo' | 'live'
  /** What is asked of people, where it differs from what the environment asks. */
  people?: Partial<PeoplePolicy>
  /** The demo's accounts: shown on the log-in page in demo mode only; in live mode, what a database of the demo is recognised by. */
  demoAccounts?: readonly DemoAccount[]
  clock: Clock
  log: Log
  /** Whether FSPs may be at internal addresses; by default only in demo mode, where they are (FM41). */
  arePrivateAddressesAllowed?: boolean
  /** Limits for checking meter data, where they differ from the defaults. */
  metering?: Partial<MeteringSettings>
  /** The certificate for TLS at its own port; without it, plain HTTP. */
  certificate?: Certificate
  /** An external issuer that people log in with; by default this server is the issuer. */
  portalIssuer?: PortalIssuer
  /** Folder with the built portal. */
  portalFolder?: string
  /** Folder with the built face of customers. */
  plannerFolder?: string
  /** What the process tells Prometheus. */
  metrics?: ProcessMetrics
  /** What makes its spans; without it, it is not traced. */
  tracing?: SpanMaker
}

export interface RunningServer {
  /** The bound address, such as `http://127.0.0.1:7800`. */
  readonly url: string
  readonly publicUrl: string
  /** Where the metrics are, such as `http://127.0.0.1:7801/metrics`; `null` without a port for them. */
  readonly metricsUrl: string | null
  /** For seeding, and for checks of what the API does not show. */
  readonly context: ServerContext
  /** Stops the periodic work, lets requests in progress finish, and closes the database. */
  close(): Promise<void>
}

const builtPortal = fileURLToPath(new URL('../../web/portal/dist', import.meta.url))
const builtPlanner = fileURLToPath(new URL('../../web/planner/dist', import.meta.url))

/** Starts the DNO's server: migrates its database, binds its port, and starts its periodic work. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const listener = await listen({
    host: options.host,
    port: options.port,
    what: 'the server',
    portSetting: '--port or RINGMAIN_PORT',
    certificate: options.certificate ?? null,
  })
  try {
    return await startOn(listener, { ...options, clock: tracedClock(options.clock, options.tracing) })
  } catch (error) {
    await listener.close(0)
    throw error
  }
}

async function startOn(listener: Listener, options: ServerOptions): Promise<RunningServer> {
  const { log } = options
  const publicUrl = (options.publicUrl ?? listener.url).replace(/\/+$/, '')
  const secrets = createSecretBox(...(await loadSecretKeys(options.secretKeyFile, (sentence) => log.warn(sentence))))
  const { environment, demoAccounts = [] } = options
  const ownerUrl = options.ownerDatabaseUrl ?? options.databaseUrl
  await checkEnvironment(ownerUrl, environment, demoAccounts)
  await migrateDatabase(ownerUrl, serverMigrations, serverGrants)
  const database = await openPools(options.databaseUrl, poolOptions, { role: runtimeRole })
  const { pools } = database
  await claimEnvironment(pools.requests, environment)
  const resealed = await resealColumns(pools.requests, secrets, sealedColumns)
  if (resealed > 0) log.info({ resealed }, 'secrets sealed with the newest key')
  const bus = await createEventBus(pools.access.$client)
  const announce: ServerContext['announce'] = (topic) => bus.announce(topic)
  const { hear } = bus
  const context = contextOf(options, { db: pools.requests, pools, secrets, publicUrl, announce, hear })
  const follower = followerOf(options, context)
  const { issuer, resource } = context.tokenIssuer
  const authorizationServer = await authorizationServerOf(onPool(context, 'access'), options.portalIssuer)
  const trustedProxies = trustedProxiesOf(options.trustedProxies ?? [])
  const api = createServerApi({
    context,
    bus,
    verifyToken: createTokenVerifier(issuer, resource, {
      outbound: listener.callItself,
      keys: authorizationServer.keys,
      proofs: {
        publicUrl,
        takeOnce: (client, jti, untilS) => takeOnce(onPool(context, 'access').db, client, jti, untilS),
      },
    }),
    trustedProxies,
    logIn: portalLogIn(publicUrl, authorizationServer, options.portalIssuer, listener.callItself),
    demoAccounts: environment === 'demo' ? demoAccounts : [],
  })
  const { portalFolder = builtPortal, plannerFolder = builtPlanner } = options
  const access = onPool(context, 'access')
  const readiness = () => databaseFault(access)
  const { metrics, tracing } = options
  metrics?.read(() => serverFigures(onPool(context, 'jobs')))
  const watched = { readiness, ...(metrics ? { metrics } : {}), ...(tracing ? { tracing } : {}) }
  const site = createSite(api, { publicUrl, portalFolder, plannerFolder, ...watched })
  const oidc = traceMount(tracing, '/oidc', tokenBrake(access, trustedProxies, authorizationServer.handle))
  listener.use(site.fetch, { '/oidc': oidc }, safetyHeaders(publicUrl))
  const pages = metrics ? { '/metrics': () => metrics.text() } : {}
  const metricsListener = await serveMetrics(options, 'the server’s metrics', { pages, readiness })
  const timers = options.role === 'api' ? [] : startJobs(context)
  log.info({ url: listener.url, role: options.role }, 'server started')
  return {
    url: listener.url,
    publicUrl,
    metricsUrl: metricsListener ? `${metricsListener.url}/metrics` : null,
    context,
    async close() {
      for (const timer of timers) timer.cancel()
      await metricsListener?.close(0)
      authorizationServer.close()
      await listener.close()
      bus.close()
      await database.close()
      await follower?.close()
    },
  }
}

/** Opens the replica, if there is one, for the reports of a context. It may be down: then it is used when it is back. */
function followerOf({ replica }: ServerOptions, context: ServerContext): OpenDatabase | null {
  if (!replica) return null
  const open = lazyDatabase(replica.url, { ...poolOptions.reports, connectS: 3, role: runtimeRole })
  const { db: primary, clock, log } = onPool(context, 'access')
  context.replica = watchReplica({ db: open.db, primary, maxLagS: replica.maxLagS, clock, log })
  return open
}

function contextOf(
  options: ServerOptions,
  made: Pick<ServerContext, 'db' | 'pools' | 'secrets' | 'publicUrl' | 'announce' | 'hear'>,
): ServerContext {
  const { clock, log, environment, metering, arePrivateAddressesAllowed } = options
  return {
    ...made,
    clock,
    log,
    tokenIssuer: tokenIssuerAt(made.publicUrl),
    environment,
    people: { ...peoplePolicies[environment], ...options.people },
    ...(metering ? { metering } : {}),
    ...(arePrivateAddressesAllowed === undefined ? {} : { arePrivateAddressesAllowed }),
  }
}

/** This server as an issuer of tokens to programs, and of log-ins for people if no external issuer is configured. */
function authorizationServerOf(context: ServerContext, portalIssuer: PortalIssuer | undefined) {
  const { db, secrets, log, clock, publicUrl, tokenIssuer } = context
  const { issuer, resource } = tokenIssuer
  const people = {
    clientId: portalClientId,
    redirectUri: callbackOf(publicUrl),
    logInPage: (interaction: string) => `/log-in?interaction=${interaction}`,
  }
  return createAuthorizationServer({
    issuer,
    db,
    secrets,
    log,
    clock,
    findClient: clientFinder(db, clock),
    onToken: (clientId, used) => noteUse(db, clientId, used, clock.now()),
    resource: { audience: resource, scopes },
    ...(portalIssuer ? {} : { people }),
  })
}

/** The periodic work of every wing. */
function startJobs(context: ServerContext): Timer[] {
  const jobs = onPool(context, 'jobs')
  return [
    ...accessJobs(jobs),
    ...gridJobs(jobs),
    ...loadModelJobs(jobs),
    ...dynamicLimitJobs(jobs),
    ...demandJobs(jobs),
    ...dataFeedJobs(jobs),
    ...sitePlanJobs(jobs),
    ...marketJobs(jobs),
    ...dispatchJobs(context),
    ...settlementJobs(jobs),
  ]
}
