import { Instant } from '@js-joda/core'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import type { AdapterPayload } from 'oidc-provider'
import { expect, test } from 'vitest'
import { atEnd } from '../../test/support/cleanup.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import { SimulatedClock } from '../clock/index.ts'
import { createApi, listen } from '../http/index.ts'
import { createLog } from '../log/index.ts'
import { createSecretBox, digestOf } from '../secrets/index.ts'
import {
  createAuthorizationServer,
  createTokenSource,
  createTokenVerifier,
  fetchWithToken,
  TokenUnavailable,
} from './index.ts'

const { db } = await createTestDatabase('server')
const log = createLog('test', 'fatal')
const clock = new SimulatedClock(Instant.parse('2026-01-15T08:00:00Z'))
const secrets = createSecretBox(Buffer.alloc(32, 7))
const pair = await generateKeyPair('ES256', { extractable: true })
const common = { grant_types: ['client_credentials'], redirect_uris: [], response_types: [], scope: 'meter market' }
const clients = new Map<string, AdapterPayload>([
  [
    'basic',
    {
      ...common,
      client_id: 'basic',
      token_endpoint_auth_method: 'client_secret_basic',
      client_secret: digestOf('s3cret-of-basic'),
    },
  ],
  [
    'keyed',
    {
      ...common,
      client_id: 'keyed',
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [{ ...(await exportJWK(pair.publicKey)), alg: 'ES256', kid: 'k1' }] },
    },
  ],
])

async function startIssuer(accessTokenLifeS: number) {
  const listener = await listen({ host: '127.0.0.1', port: 0, what: 'a test', portSetting: 'nothing' })
  const issuer = `${listener.url}/oidc`
  const authorizationServer = await createAuthorizationServer({
    issuer,
    db,
    secrets,
    log,
    clock,
    accessTokenLifeS,
    findClient: async (id) => clients.get(id),
    resource: { audience: `${listener.url}/api`, scopes: ['meter', 'market'] },
  })
  const verify = createTokenVerifier(issuer, `${listener.url}/api`)
  const strange = createTokenVerifier(issuer, 'https://elsewhere.example/api')
  const api = createApi(log)
  api.get('/api/me', async (c) => {
    const { clientId, scopes } = await verify(c.req.raw)
    return c.json({ clientId, scopes: [...scopes] })
  })
  api.get('/api/strange', async (c) => c.json(await strange(c.req.raw)))
  listener.use(api.fetch, { '/oidc': authorizationServer.handle })
  atEnd(() => listener.close(0))
  return { url: listener.url, tokenEndpoint: `${issuer}/token`, issuer }
}

const issuer = await startIssuer(60)

function basic(tokenEndpoint = issuer.tokenEndpoint, secret = 's3cret-of-basic') {
  return createTokenSource({
    tokenEndpoint,
    clientId: 'basic',
    scope: 'meter',
    authentication: { method: 'client_secret_basic', secret },
  })
}

test('FA06 a client with a secret gets a token for the scope it asked for, which identifies it to the API', async () => {
  const response = await fetchWithToken(basic(), `${issuer.url}/api/me`)
  expect(await response.json()).toEqual({ clientId: 'basic', scopes: ['meter'] })
})

test('a client with its own key needs no secret', async () => {
  const source = createTokenSource({
    tokenEndpoint: issuer.tokenEndpoint,
    issuer: issuer.issuer,
    clientId: 'keyed',
    authentication: { method: 'private_key_jwt', key: pair.privateKey, kid: 'k1' },
    scope: 'market',
  })
  const response = await fetchWithToken(source, `${issuer.url}/api/me`)
  expect(await response.json()).toEqual({ clientId: 'keyed', scopes: ['market'] })
})

test('a wrong secret gets no token, and the error names the endpoint that refused', async () => {
  const source = basic(issuer.tokenEndpoint, 'guessed')
  await expect(source.get()).rejects.toThrow(TokenUnavailable)
  await expect(source.get()).rejects.toThrow(issuer.tokenEndpoint)
})

test('a token is fetched once for concurrent requests, and again after it is discarded', async () => {
  const source = basic()
  const tokens = await Promise.all(Array.from({ length: 5 }, () => source.get()))
  expect(new Set(tokens).size).toBe(1)
  const [first = ''] = tokens
  source.discard(first)
  expect(await source.get()).not.toBe(first)
})

test('FM05 a token that the API no longer accepts is renewed and the call repeated, once', async () => {
  const source = basic()
  const stale = await source.get()
  let calls = 0
  const api = createApi(log)
  api.get('/', (c) => {
    calls++
    return c.req.header('authorization') === `Bearer ${stale}` ? c.text('no', 401) : c.text('yes')
  })
  const listener = await listen({ host: '127.0.0.1', port: 0, what: 'a test', portSetting: 'nothing' })
  listener.use(api.fetch)
  expect(await (await fetchWithToken(source, listener.url)).text()).toBe('yes')
  expect(calls).toBe(2)
  await listener.close()
})

test('a token for another audience, or none, gets a 401 with a problem', async () => {
  const authorization = `Bearer ${await basic().get()}`
  const other = await fetch(`${issuer.url}/api/strange`, { headers: { authorization } })
  expect(other.status).toBe(401)
  expect(await other.json()).toMatchObject({ type: 'urn:ringmain:problem:invalid-token' })
  expect((await fetch(`${issuer.url}/api/me`)).status).toBe(401)
})

test('an expired token gets a 401 with a problem; a valid one from the same issuer is accepted', async () => {
  const signing = await generateKeyPair('ES256', { extractable: true })
  const listener = await listen({ host: '127.0.0.1', port: 0, what: 'a test', portSetting: 'nothing' })
  const verify = createTokenVerifier(listener.url, 'urn:here')
  const api = createApi(log)
  const keys = [{ ...(await exportJWK(signing.publicKey)), alg: 'ES256', kid: 'k' }]
  api.get('/jwks', (c) => c.json({ keys }))
  api.get('/me', async (c) => c.json({ clientId: (await verify(c.req.raw)).clientId }))
  listener.use(api.fetch)
  const now = Math.floor(Date.now() / 1000)
  const call = async (expiresAt: number) => {
    const token = await new SignJWT({ client_id: 'c', scope: 'meter' })
      .setProtectedHeader({ alg: 'ES256', kid: 'k', typ: 'at+jwt' })
      .setIssuer(listener.url)
      .setSubject('c')
      .setAudience('urn:here')
      .setJti('1')
      .setIssuedAt(now - 600)
      .setExpirationTime(expiresAt)
      .sign(signing.privateKey)
    return fetch(`${listener.url}/me`, { headers: { authorization: `Bearer ${token}` } })
  }
  expect((await call(now + 60)).status).toBe(200)
  const expired = await call(now - 60)
  expect(expired.status).toBe(401)
  expect(await expired.json()).toMatchObject({ detail: expect.stringContaining('fetch a new one from') })
  await listener.close()
})

test('the signing key survives a restart, so that earlier tokens stay valid', async () => {
  const kidAt = async (at: string) => {
    const { keys } = (await (await fetch(`${at}/jwks`)).json()) as { keys: { kid: string }[] }
    return keys[0]?.kid
  }
  const again = await startIssuer(60)
  expect(await kidAt(again.issuer)).toBeDefined()
  expect(await kidAt(again.issuer)).toBe(await kidAt(issuer.issuer))
})
