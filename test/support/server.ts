import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { importJWK, SignJWT } from 'jose'
import { pino } from 'pino'
import type { Clock } from '../../platform/clock/index.ts'
import type { Database } from '../../platform/db/index.ts'
import type { Log } from '../../platform/log/index.ts'
import { createTokenSource, sealedSigningKeys, signingKey } from '../../platform/oauth/index.ts'
import { sessionCookieAt } from '../../schemas/access/sessions.ts'
import type { Changed } from '../../schemas/portal/portal.ts'
import type { Role } from '../../schemas/vocabulary/roles.ts'
import { account } from '../../server/access/accounts/tables.ts'
import { openSession, saveAccount } from '../../server/access/index.ts'
import { type PortalIssuer, type ServerOptions, startServer } from '../../server/app/index.ts'
import { peoplePolicies, type ServerContext, type TokenIssuer } from '../../server/kit/index.ts'
import { atEnd } from './cleanup.ts'
import { type Client, createClient } from './client.ts'
import { hashOnce } from './hashes.ts'

export interface TestServer {
  /** Of the API: paths start after it. */
  url: string
  /** Where its port really is, if `publicUrl` leads elsewhere. */
  portUrl: string
  /** Where its metrics are, if it was given any. */
  metricsUrl: string | null
  context: ServerContext
  /** By which its secrets are sealed, for a process that is to work beside it. */
  secretKey: Buffer
  issuer: TokenIssuer
  /** Topics announced so far. */
  announced: Changed['topic'][]
  /** A portal account of that name and those roles, logged in. */
  person(username: string, ...roles: Role[]): Promise<Client>
  /** A portal account as given, logged in. */
  account(given: Parameters<typeof saveAccount>[1]): Promise<Client>
  /** One of an FSP’s people, logged in. */
  fspUser(username: string, fspId: string): Promise<Client>
  /** A client with an access token of the real token endpoint. */
  tokenClient(clientId: string, secret: string, scope?: string): Promise<Client>
  /** A client whose access token was good, rightly signed, and expired an hour ago. */
  expiredTokenClient(clientId: string): Promise<Client>
  /** A client that says nothing of who it is, or what it is given. */
  client(headers?: Record<string, string>): Client
}

/** `portalFolder` and `demoAccounts` are for tests of screens. */
export interface TestServerOptions
  extends Pick<
    ServerOptions,
    | 'people'
    | 'portalFolder'
    | 'plannerFolder'
    | 'replica'
    | 'demoAccounts'
    | 'ownerDatabaseUrl'
    | 'publicUrl'
    | 'trustedProxies'
    | 'metrics'
    | 'metricsPort'
  > {
  environment?: ServerContext['environment']
  arePrivateAddressesAllowed?: boolean
  portalIssuer?: PortalIssuer
  log?: Log
}

/** One sealing key for all servers of a test file, as servers beside one database have. */
const secretKey = randomBytes(32)

/** The DNO’s server as it is really started, without its periodic work; closed when the test file is done. */
export async function startTestServer(
  databaseUrl: string,
  clock: Clock,
  options: TestServerOptions = {},
): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'ringmain-server-'))
  atEnd(() => rm(folder, { recursive: true }))
  const secretKeyFile = join(folder, 'server.key')
  await writeFile(secretKeyFile, secretKey.toString('hex'))
  const server = await startServer({
    databaseUrl,
    host: '127.0.0.1',
    port: 0,
    secretKeyFile,
    role: 'api',
    environment: 'demo',
    // Second factors and fresh authentications are asked for in the tests that are about them.
    people: peoplePolicies.demo,
    clock,
    log: pino({ level: process.env['RINGMAIN_TEST_LOG'] ?? 'silent' }),
    ...options,
  })
  atEnd(() => server.close())
  const { context } = server
  const announced: Changed['topic'][] = []
  const { announce } = context
  context.announce = (topic) => {
    announced.push(topic)
    announce(topic)
  }
  return {
    url: context.tokenIssuer.resource,
    portUrl: server.url,
    metricsUrl: server.metricsUrl,
    context,
    secretKey,
    issuer: context.tokenIssuer,
    announced,
    ...callersOf(context, context.tokenIssuer),
  }
}

/** An account as given; the hash of its password is made once in a run. */
async function saveTestAccount(db: Database, given: Parameters<typeof saveAccount>[1]): Promise<{ accountId: string }> {
  const { password, isPasswordInitial = false, ...rest } = given
  const saved = await saveAccount(db, rest)
  if (password === undefined) return saved
  const passwordHash = await hashOnce(password)
  await db.update(account).set({ passwordHash, isPasswordInitial }).where(eq(account.accountId, saved.accountId))
  return saved
}

/** Clients of each kind. */
function callersOf(
  { db, clock, secrets, publicUrl, people }: ServerContext,
  tokenIssuer: TokenIssuer,
): Pick<TestServer, 'client' | 'person' | 'account' | 'fspUser' | 'expiredTokenClient' | 'tokenClient'> {
  const { issuer, resource } = tokenIssuer
  const logIn = async (given: Parameters<typeof saveAccount>[1]) => {
    const { accountId } = await saveTestAccount(db, given)
    const secret = await openSession(db, clock.now(), people, accountId)
    return createClient(resource, { cookie: `${sessionCookieAt(publicUrl)}=${secret}` })
  }
  return {
    client: (headers = {}) => createClient(resource, headers),
    account: logIn,
    async person(username, ...roles) {
      const password = `${username} has a long password`
      return logIn({ username, fullName: username, password, roles })
    },
    async fspUser(username, fspId) {
      return logIn({ username, fullName: username, roles: ['fsp-user'], fspId })
    },
    async expiredTokenClient(clientId) {
      const [stored] = await db.select().from(signingKey)
      const jwk = JSON.parse(secrets.open(stored?.sealedJwk ?? '', sealedSigningKeys.use(stored?.kid ?? '')))
      const hourAgo = Math.floor(Date.now() / 1000) - 3_600
      const token = await new SignJWT({ client_id: clientId, scope: 'market meter' })
        .setProtectedHeader({ alg: 'ES256', kid: jwk.kid, typ: 'at+jwt' })
        .setIssuer(issuer)
        .setAudience(resource)
        .setSubject(clientId)
        .setJti(randomUUID())
        .setIssuedAt(hourAgo - 600)
        .setExpirationTime(hourAgo)
        .sign(await importJWK(jwk, 'ES256'))
      return createClient(resource, { authorization: `Bearer ${token}` })
    },
    async tokenClient(clientId, secret, scope = 'market meter') {
      const authentication = { method: 'client_secret_basic' as const, secret }
      const token = await createTokenSource({ ...tokenIssuer, clientId, authentication, scope }).get()
      return createClient(resource, { authorization: `Bearer ${token}` })
    },
  }
}
