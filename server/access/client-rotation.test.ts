import { randomUUID } from 'node:crypto'
import { Duration, Instant } from '@js-joda/core'
import { exportJWK, type GenerateKeyPairResult, generateKeyPair } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { createTokenSource, fetchWithToken } from '../../platform/oauth/index.ts'
import { gatewayOperations } from '../../schemas/grid/gateway.ts'
import { operations } from '../../schemas/operations.ts'
import { type Client, createClient } from '../../test/support/client.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import { registerFsp, silentControl, type TestFsp } from '../../test/support/market.ts'
import { startTestServer, type TestServer } from '../../test/support/server.ts'

const clock = new SimulatedClock(Instant.parse('2026-01-15T08:00:00Z'))
let server: TestServer
let fsp: TestFsp
let other: TestFsp

beforeAll(async () => {
  server = await startTestServer((await createTestDatabase('server')).url, clock, {
    environment: 'live',
    arePrivateAddressesAllowed: true,
  })
  const engineer = await server.person('erin', 'flexibility-engineer')
  fsp = await registerFsp(server, engineer, 'Rotating Ltd', silentControl)
  other = await registerFsp(server, engineer, 'Other Ltd', silentControl)
})

/** An administrator who has just logged in: sessions end while time moves on. */
const administrator = (): Promise<Client> => server.person('ada', 'administrator')

const ahead = (duration: Duration) => clock.now().plus(duration).toString()

/** Whether a secret gets a token. */
async function opens(clientId: string, secret: string, scope: string): Promise<boolean> {
  return server.tokenClient(clientId, secret, scope).then(
    () => true,
    () => false,
  )
}

async function publicJwk({ publicKey }: GenerateKeyPairResult, kid: string) {
  return { ...(await exportJWK(publicKey)), kid }
}

function signing(clientId: string, { privateKey }: GenerateKeyPairResult, kid: string, scope: string) {
  return createTokenSource({
    ...server.issuer,
    clientId,
    scope,
    authentication: { method: 'private_key_jwt', key: privateKey, kid },
  })
}

const makeGateway = async (clientId: string, change: object = {}) =>
  (await administrator()).ask(operations.makeClient, {
    body: { clientId, authentication: { method: 'client_secret_basic' }, ...change },
    idempotencyKey: randomUUID(),
  })

describe('the client of a gateway in live mode', () => {
  test('an administrator makes it, its secret is shown once, and it opens the gateways’ operations', async () => {
    const body = { clientId: 'gateway-north', authentication: { method: 'client_secret_basic' } }
    const make = async () => (await administrator()).ask(operations.makeClient, { body, idempotencyKey: 'north' })
    const [made, again] = [await make(), await make()]
    expect(again.body).toEqual({ ...made.body, clientSecret: null })
    const gateway = await server.tokenClient('gateway-north', made.body.clientSecret, 'gateway')
    expect((await gateway.ask(operations.readAssignment)).status).toBe(200)
    const { items } = (await (await administrator()).ask(operations.listClients)).body
    const listed = items.find((one: { clientId: string }) => one.clientId === 'gateway-north')
    expect(listed).toMatchObject({ lastUsedAt: clock.now().toString(), credentials: [{ kind: 'secret' }] })
    expect(listed.credentials[0].lastUsedAt).toBe(clock.now().toString())
    expect(JSON.stringify(items)).not.toContain(made.body.clientSecret)
    expect((await makeGateway('gateway-north')).status).toBe(409)
  })

  test('old and new secret overlap until the date that was given; a leaked one ends at once', async () => {
    const first = (await makeGateway('gateway-south')).body.clientSecret
    const add = async (body: object) =>
      (await (await administrator()).ask(operations.addClientSecret, { params: { clientId: 'gateway-south' }, body }))
        .body
    const second = (await add({ othersEndAt: ahead(Duration.ofDays(7)) })).clientSecret
    const states = async (...secrets: string[]) =>
      Promise.all(secrets.map((secret) => opens('gateway-south', secret, 'gateway')))
    expect(await states(first, second)).toEqual([true, true])
    await clock.advanceTo(clock.now().plus(Duration.ofDays(7)))
    expect(await states(first, second)).toEqual([false, true])
    const third = (await add({ othersEndAt: clock.now().toString() })).clientSecret
    expect(await states(second, third)).toEqual([false, true])
    const { credentials, clientSecret: fourth } = await add({ expiresAt: ahead(Duration.ofDays(2)) })
    const ended = { clientId: 'gateway-south', credentialId: credentials.at(-2).credentialId }
    await (await administrator()).ask(operations.endClientCredential, { params: ended })
    expect(await states(third, fourth)).toEqual([false, true])
    await clock.advanceTo(clock.now().plus(Duration.ofDays(2)))
    expect(await states(fourth)).toEqual([false])
  })

  test('a client that must not use secrets gets no token by one', async () => {
    const { clientSecret } = (await makeGateway('gateway-keys')).body
    const params = { clientId: 'gateway-keys' }
    await (await administrator()).ask(operations.setClientAccess, {
      params,
      body: { active: true, secretsAllowed: false },
    })
    expect(await opens('gateway-keys', clientSecret, 'gateway')).toBe(false)
    expect((await (await administrator()).ask(operations.addClientSecret, { params, body: {} })).status).toBe(409)
  })
})

describe('an FSP that rotates its own keys', () => {
  const rotating = () => server.tokenClient(fsp.clientId, fsp.clientSecret, 'credentials')

  test('goes from its secret to a key, and from key to key, without an outage', async () => {
    const owner = await rotating()
    const [one, two] = [await generateKeyPair('ES256'), await generateKeyPair('EdDSA')]
    const params = { clientId: fsp.clientId }
    await owner.ask(operations.addClientKey, { params, body: { jwk: await publicJwk(one, 'one') } })
    expect(await opens(fsp.clientId, fsp.clientSecret, 'market')).toBe(false)
    const authorization = `Bearer ${await signing(fsp.clientId, one, 'one', 'credentials').get()}`
    const added = await createClient(server.url, { authorization }).ask(operations.addClientKey, {
      params,
      body: { jwk: await publicJwk(two, 'two'), othersEndAt: ahead(Duration.ofDays(1)) },
    })
    expect(added.body.credentials.map((each: { kid: string | null }) => each.kid)).toEqual([null, 'one', 'two'])
    for (const [pair, kid] of [
      [one, 'one'],
      [two, 'two'],
    ] as const)
      expect(await signing(fsp.clientId, pair, kid, 'market').get()).toBeTruthy()
    await clock.advanceTo(clock.now().plus(Duration.ofDays(1)))
    await expect(signing(fsp.clientId, one, 'one', 'market').get()).rejects.toThrow('no access token')
    expect(await signing(fsp.clientId, two, 'two', 'market').get()).toBeTruthy()
  })

  test('reaches no other client, needs the scope for it, and cannot lock itself out', async () => {
    const owner = await server.tokenClient(other.clientId, other.clientSecret, 'credentials')
    const jwk = await publicJwk(await generateKeyPair('ES256'), 'k')
    const elsewhere = { params: { clientId: fsp.clientId }, body: { jwk } }
    expect((await owner.ask(operations.addClientKey, elsewhere)).status).toBe(404)
    expect(
      (await other.client.ask(operations.addClientKey, { params: { clientId: other.clientId }, body: { jwk } })).status,
    ).toBe(403)
    const { items } = (await owner.ask(operations.listClients)).body
    expect(items.map((one: { clientId: string }) => one.clientId)).toEqual([other.clientId])
    const [{ credentialId }] = items[0].credentials
    const last = await owner.ask(operations.endClientCredential, { params: { clientId: other.clientId, credentialId } })
    expect(last.status).toBe(409)
  })

  test('is told what is wrong with a key', async () => {
    const owner = await server.tokenClient(other.clientId, other.clientSecret, 'credentials')
    const ec = await generateKeyPair('ES256', { extractable: true })
    const rsa = await crypto.subtle.generateKey(
      { name: 'RSA-PSS', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' },
      true,
      ['sign', 'verify'],
    )
    const good = await exportJWK(ec.publicKey)
    const keys: Record<string, object> = {
      private: await exportJWK(ec.privateKey),
      symmetric: { kty: 'oct', k: 'c2VjcmV0' },
      'too short': await exportJWK(rsa.publicKey),
      'off its curve': { ...good, y: good.x },
      'for another algorithm': { ...good, alg: 'PS256' },
    }
    for (const [fault, jwk] of Object.entries(keys)) {
      const answer = await owner.ask(operations.addClientKey, { params: { clientId: other.clientId }, body: { jwk } })
      expect([answer.status, answer.body.errors?.[0]?.field], fault).toEqual([422, expect.stringMatching(/^jwk/)])
    }
  })
})

describe('sender-constrained tokens', () => {
  const source = (clientId: string, secret: string, dpop: boolean) =>
    createTokenSource({
      ...server.issuer,
      clientId,
      scope: 'gateway',
      dpop,
      authentication: { method: 'client_secret_basic', secret },
    })
  const url = () => `${server.url}${gatewayOperations.readAssignment.path}`

  test('a token that is bound to a key opens with the key and not without it', async () => {
    const { clientSecret } = (await makeGateway('gateway-bound')).body
    const tokens = source('gateway-bound', clientSecret, true)
    expect((await fetchWithToken(tokens, url())).status).toBe(200)
    const token = await tokens.get()
    const stolen = await fetch(url(), { headers: { authorization: `Bearer ${token}` } })
    expect([stolen.status, stolen.headers.get('www-authenticate')]).toEqual([401, expect.stringContaining('DPoP')])
    const unproved = await fetch(url(), { headers: { authorization: `DPoP ${token}` } })
    expect(unproved.status).toBe(401)
  })

  test('a proof is taken once, for its own request and its own key', async () => {
    const { clientSecret } = (await makeGateway('gateway-proofs')).body
    const tokens = source('gateway-proofs', clientSecret, true)
    const token = await tokens.get()
    const once = await tokens.headersFor(token, 'GET', url())
    const uses = await Promise.all(Array.from({ length: 8 }, () => fetch(url(), { headers: once })))
    expect(uses.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 7 }, () => 401)])
    const elsewhere = await tokens.headersFor(token, 'GET', `${server.url}${operations.listClients.path}`)
    expect((await fetch(url(), { headers: elsewhere })).status).toBe(401)
    const thief = source('gateway-proofs', clientSecret, true)
    const { dpop = '' } = await thief.headersFor(await thief.get(), 'GET', url())
    expect((await fetch(url(), { headers: { authorization: `DPoP ${token}`, dpop } })).status).toBe(401)
  })

  test('where the DNO requires them, a client gets no other token, and one that it still has stops working', async () => {
    const { clientSecret } = (await makeGateway('gateway-strict')).body
    const plain = source('gateway-strict', clientSecret, false)
    expect((await fetchWithToken(plain, url())).status).toBe(200)
    await (await administrator()).ask(operations.setClientAccess, {
      params: { clientId: 'gateway-strict' },
      body: { active: true, requiresDpop: true },
    })
    const held = await fetch(url(), { headers: { authorization: `Bearer ${await plain.get()}` } })
    expect(held.status).toBe(401)
    await expect(source('gateway-strict', clientSecret, false).get()).rejects.toThrow('no access token')
    expect((await fetchWithToken(source('gateway-strict', clientSecret, true), url())).status).toBe(200)
  })
})
