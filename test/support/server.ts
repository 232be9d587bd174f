import { randomBytes, randomUUID } from 'node:crypto'
import type { Hono } from 'hono'
import { importJWK, SignJWT } from 'jose'
import { pino } from 'pino'
import { afterAll } from 'vitest'
import type { Clock } from '../../platform/clock/index.ts'
import type { Database } from '../../platform/db/index.ts'
import { createApi, listen } from '../../platform/http/index.ts'
import {
  createAuthorizationServer,
  createTokenSource,
  createTokenVerifier,
  signingKey,
} from '../../platform/oauth/index.ts'
import { createSecretBox } from '../../platform/secrets/index.ts'
import type { Changed, Role } from '../../schemas/portal.ts'
import {
  type ActorVariables,
  authenticator,
  clientFinder,
  type ServerContext,
  saveAccount,
  scopes,
  sessionRoutes,
} from '../../server/access/index.ts'
import type { TokenIssuer } from '../../server/market/index.ts'
import { type Client, createClient } from './client.ts'

export interface TestServer {
  /** Of the API: paths start after it. */
  url: string
  context: ServerContext
  /** By which its secrets are sealed, for a process that is to work beside it. */
  secretKey: Buffer
  issuer: TokenIssuer
  /** Topics announced so far. */
  announced: Changed['topic'][]
  /** A portal account of that name and those roles, logged in over the session route. */
  person(username: string, ...roles: Role[]): Promise<Client>
  /** A client with an access token of the real token endpoint. */
  tokenClient(clientId: string, secret: string, scope?: string): Promise<Client>
  /** A client whose access token was good, rightly signed, and expired an hour ago. */
  expiredTokenClient(clientId: string): Promise<Client>
  /** A client that says nothing of who it is, or what it is given. */
  client(headers?: Record<string, string>): Client
}

export interface TestServerOptions {
  db: Database
  clock: Clock
  routers: (context: ServerContext, issuer: TokenIssuer) => Hono<{ Variables: ActorVariables }>[]
  environment?: ServerContext['environment']
}

/** One sealing key for all servers of a test file, as servers beside one database have. */
const secretKey = randomBytes(32)

/** Some wings' API on a real socket, behind the real authenticator and token endpoint; closed when the test file is done. */
export async function startTestServer(options: TestServerOptions): Promise<TestServer> {
  const { db, clock } = options
  const log = pino({ level: process.env['RINGMAIN_TEST_LOG'] ?? 'silent' })
  const listener = await listen({ host: '127.0.0.1', port: 0, what: 'the test server', portSetting: 'none' })
  afterAll(() => listener.close(0))
  const announced: Changed['topic'][] = []
  const secrets = createSecretBox(secretKey)
  const context: ServerContext = {
    ...{ db, clock, log, secrets, publicUrl: listener.url },
    environment: options.environment ?? 'demo',
    announce: (topic) => announced.push(topic),
  }
  const [issuer, resource] = [`${listener.url}/oidc`, `${listener.url}/api`]
  const tokenIssuer = { issuer, tokenEndpoint: `${issuer}/token`, resource }
  const oidc = await createAuthorizationServer({
    ...{ issuer, db, secrets, log, findClient: clientFinder(db) },
    resource: { audience: resource, scopes },
  })
  const api = createApi<ActorVariables>(log).basePath('/api')
  api.use('*', authenticator(db, clock, createTokenVerifier(issuer, resource)))
  for (const router of [sessionRoutes(context), ...options.routers(context, tokenIssuer)]) api.route('/', router)
  listener.use(api.fetch, { '/oidc': oidc })
  return {
    ...{ url: resource, context, secretKey, issuer: tokenIssuer, announced },
    client: (headers = {}) => createClient(resource, headers),
    async person(username, ...roles) {
      const password = `${username} has a long password`
      await saveAccount(db, { username, fullName: username, password, roles })
      const { headers } = await createClient(resource).post('/session', { username, password })
      return createClient(resource, { cookie: headers.get('set-cookie')?.split(';')[0] ?? '' })
    },
    async expiredTokenClient(clientId) {
      const [stored] = await db.select().from(signingKey)
      const jwk = JSON.parse(secrets.open(stored?.sealedJwk ?? ''))
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
