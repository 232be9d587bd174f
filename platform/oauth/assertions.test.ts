import { randomUUID } from 'node:crypto'
import { Instant } from '@js-joda/core'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase } from '../../test/support/database.ts'
import { SimulatedClock } from '../clock/index.ts'
import type { Database } from '../db/index.ts'
import { createApi, listen } from '../http/index.ts'
import { createLog } from '../log/index.ts'
import { createSecretBox } from '../secrets/index.ts'
import { createAdapter } from './adapter.ts'
import { createAuthorizationServer } from './index.ts'

const issuer = 'https://dno.example/oidc'
const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })
const client = {
  client_id: 'keyed',
  grant_types: ['client_credentials'],
  redirect_uris: [],
  response_types: [],
  scope: 'meter',
  token_endpoint_auth_method: 'private_key_jwt' as const,
  jwks: { keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256', kid: 'k1' }] },
}

let db: Database
let endpoints: string[]

beforeAll(async () => {
  const made = await createTestDatabase('server')
  db = made.db
  endpoints = [await startServer(), await startServer()]
})

/** One of several servers that share a database and are one issuer to their clients. */
async function startServer(): Promise<string> {
  const listener = await listen({ host: '127.0.0.1', port: 0, what: 'a test', portSetting: 'nothing' })
  const log = createLog('test', 'silent')
  const server = await createAuthorizationServer({
    issuer,
    db,
    secrets: createSecretBox(Buffer.alloc(32, 7)),
    log,
    clock: new SimulatedClock(Instant.parse('2026-01-15T08:00:00Z')),
    findClient: async (id) => (id === client.client_id ? client : undefined),
    resource: { audience: 'urn:api', scopes: ['meter'] },
  })
  listener.use(createApi(log).fetch, { '/oidc': server.handle })
  afterAll(async () => {
    server.close()
    await listener.close(0)
  })
  return `${listener.url}/oidc/token`
}

type Change = Record<string, unknown>

const nowS = () => Math.floor(Date.now() / 1000)

/** A good assertion, except for the claims given; `undefined` leaves one out. */
function assertion(change: Change = {}): Promise<string> {
  const now = nowS()
  const claims = { iss: 'keyed', sub: 'keyed', aud: issuer, jti: randomUUID(), iat: now, exp: now + 60, ...change }
  return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'k1' }).sign(privateKey)
}

async function statusOf(endpoint: string, client_assertion: string): Promise<number> {
  const response = await fetch(endpoint, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      scope: 'meter',
      client_assertion,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    }),
  })
  await response.body?.cancel()
  return response.status
}

describe('an assertion of private_key_jwt', () => {
  const once = [200, ...Array.from({ length: 7 }, () => 401)]

  test('SEC09 gets one token when it is used eight times at once', async () => {
    const [endpoint = ''] = endpoints
    for (let round = 0; round < 5; round++) {
      const one = await assertion()
      const statuses = await Promise.all(Array.from({ length: 8 }, () => statusOf(endpoint, one)))
      expect(statuses.sort()).toEqual(once)
    }
  })

  test('SEC09 gets one token when it is used at two servers at once', async () => {
    for (let round = 0; round < 5; round++) {
      const one = await assertion()
      const statuses = await Promise.all(Array.from({ length: 8 }, (_, i) => statusOf(endpoints[i % 2] ?? '', one)))
      expect(statuses.sort()).toEqual(once)
    }
  })

  test.each<[string, () => Change]>([
    ['expires in ten years', () => ({ exp: nowS() + 10 * 365 * 86_400 })],
    ['expires in six minutes', () => ({ exp: nowS() + 360 })],
    ['was issued an hour ago', () => ({ iat: nowS() - 3_600 })],
    ['is issued in two minutes', () => ({ iat: nowS() + 120, exp: nowS() + 180 })],
    ['does not say when it was issued', () => ({ iat: undefined })],
    ['has no identifier', () => ({ jti: undefined })],
    ['has an identifier of a thousand characters', () => ({ jti: 'x'.repeat(1_000) })],
    ['is for the token endpoint instead of the issuer', () => ({ aud: `${issuer}/token` })],
    ['is for the issuer and for somebody else', () => ({ aud: [issuer, 'https://other.example'] })],
    ['has expired', () => ({ iat: nowS() - 120, exp: nowS() - 60 })],
  ])('SEC09 is refused if it %s', async (_, change) => {
    expect(await statusOf(endpoints[0] ?? '', await assertion(change()))).toBe(401)
  })

  test('is taken from a clock that runs five seconds ahead', async () => {
    expect(await statusOf(endpoints[0] ?? '', await assertion({ iat: nowS() + 5, exp: nowS() + 65 }))).toBe(200)
  })
})

test('SEC09 an authorization code is consumed once when it is used eight times at once, and reuse revokes its grant', async () => {
  const adapter = new (createAdapter(db, async () => undefined))('AuthorizationCode')
  await adapter.upsert('a-code', { grantId: 'a-grant' }, 60)
  const uses = await Promise.allSettled(Array.from({ length: 8 }, () => adapter.consume('a-code')))
  expect(uses.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(await adapter.find('a-code')).toBeUndefined()
})
