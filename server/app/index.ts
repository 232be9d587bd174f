import { fileURLToPath } from 'node:url'
import { sql } from 'drizzle-orm'
import type { Clock, Timer } from '../../platform/clock/index.ts'
import { migrateDatabase, openDatabase } from '../../platform/db/index.ts'
import { messageOf } from '../../platform/errors/index.ts'
import { type Listener, listen } from '../../platform/http/index.ts'
import type { Log } from '../../platform/log/index.ts'
import { createAuthorizationServer, createTokenVerifier } from '../../platform/oauth/index.ts'
import { createSecretBox, loadSecretKey } from '../../platform/secrets/index.ts'
import type { DemoAccount } from '../../schemas/access/sessions.ts'
import type { MeteringSettings } from '../../schemas/settlement/metering.ts'
import { scopes } from '../../schemas/vocabulary/roles.ts'
import { accessJobs, clientFinder } from '../access/index.ts'
import { dispatchJobs } from '../dispatch/index.ts'
import { gridJobs } from '../grid/index.ts'
import { type ServerContext, tokenIssuerAt } from '../kit/index.ts'
import { settlementJobs } from '../settlement/index.ts'
import { createServerApi, createSite } from './api.ts'
import { createEventBus } from './events.ts'
import { serverMigrations } from './migrations.ts'
import { callbackOf, type PortalIssuer, portalClientId, portalLogIn } from './portal-issuer.ts'

export interface ServerOptions {
  databaseUrl: string
  host: string
  /** 0 takes any free port. */
  port: number
  /** The address by which FSPs, gateways and people reach this server; by default that of its port. */
  publicUrl?: string
  /** File of the key by which stored secrets are sealed; made on first use. `RINGMAIN_SECRET_KEY` goes before it. */
  secretKeyFile: string
  /** Serve the API, do the periodic work, or both. Of several servers beside one database some may do one and some the other. */
  role: 'api' | 'worker' | 'both'
  environment: 'demo' | 'live'
  /** Accounts to show on the log-in page; in demo mode only. */
  demoAccounts?: readonly DemoAccount[]
  clock: Clock
  log: Log
  /** Whether FSPs may live at internal addresses; by default in demo mode only, where they do (FM41). */
  arePrivateAddressesAllowed?: boolean
  /** How meter data are judged, where it is not by the defaults. */
  metering?: Partial<MeteringSettings>
  /** An issuer elsewhere by which people log in; by default this server is their issuer. */
  portalIssuer?: PortalIssuer
  /** Folder of the built portal. */
  portalFolder?: string
}

export interface RunningServer {
  /** Address that was bound, such as `http://127.0.0.1:7800`. */
  readonly url: string
  readonly publicUrl: string
  /** For seeding and for checks that look behind the API. */
  readonly context: ServerContext
  /** Ends the periodic work, lets requests under way end, and closes the database. */
  close(): Promise<void>
}

const builtPortal = fileURLToPath(new URL('../../web/portal/dist', import.meta.url))

export type { PortalIssuer } from './portal-issuer.ts'

/** Starts the DNO's server: migrates its database, binds its port, and begins its periodic work. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const listener = await listen({
    host: options.host,
    port: options.port,
    what: 'the server',
    portSetting: '--port or RINGMAIN_PORT',
  })
  try {
    return await startOn(listener, options)
  } catch (error) {
    await listener.close(0)
    throw error
  }
}

async function startOn(listener: Listener, options: ServerOptions): Promise<RunningServer> {
  const { clock, log } = options
  const publicUrl = (options.publicUrl ?? listener.url).replace(/\/+$/, '')
  const secrets = createSecretBox(await loadSecretKey(options.secretKeyFile))
  await migrateDatabase(options.databaseUrl, serverMigrations)
  const database = await openDatabase(options.databaseUrl, { poolSize: 20 })
  const { db } = database
  const bus = await createEventBus(db.$client)
  const announce = (topic: Parameters<typeof bus.announce>[0]) => bus.announce(topic)
  const context: ServerContext = {
    db,
    clock,
    log,
    secrets,
    publicUrl,
    tokenIssuer: tokenIssuerAt(publicUrl),
    announce,
    environment: options.environment,
    ...(options.metering ? { metering: options.metering } : {}),
    ...(options.arePrivateAddressesAllowed === undefined
      ? {}
      : { arePrivateAddressesAllowed: options.arePrivateAddressesAllowed }),
  }
  const { issuer, resource } = context.tokenIssuer
  const authorizationServer = await createAuthorizationServer({
    issuer,
    db,
    secrets,
    log,
    clock,
    findClient: clientFinder(db),
    resource: { audience: resource, scopes },
    ...(options.portalIssuer
      ? {}
      : {
          people: {
            clientId: portalClientId,
            redirectUri: callbackOf(publicUrl),
            logInPage: (interaction) => `/log-in?interaction=${interaction}`,
          },
        }),
  })
  const api = createServerApi({
    context,
    bus,
    verifyToken: createTokenVerifier(issuer, resource),
    logIn: portalLogIn(publicUrl, authorizationServer, options.portalIssuer),
    demoAccounts: options.environment === 'demo' ? (options.demoAccounts ?? []) : [],
  })
  const site = createSite(api, {
    publicUrl,
    portalFolder: options.portalFolder ?? builtPortal,
    readiness: async () => {
      try {
        await db.execute(sql`select 1`)
        return null
      } catch (error) {
        return `The database does not answer: ${messageOf(error)}.`
      }
    },
  })
  listener.use(site.fetch, { '/oidc': authorizationServer.handle })
  const timers: Timer[] =
    options.role === 'api'
      ? []
      : [...accessJobs(context), ...gridJobs(context), ...dispatchJobs(context), ...settlementJobs(context)]
  log.info({ url: listener.url, role: options.role }, 'server started')
  return {
    url: listener.url,
    publicUrl,
    context,
    async close() {
      for (const timer of timers) timer.cancel()
      authorizationServer.close()
      await listener.close()
      await bus.close()
      await database.close()
    },
  }
}
