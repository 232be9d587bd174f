import { Duration, Instant } from '@js-joda/core'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createTestDatabase } from '../../test/support/database.ts'
import { SimulatedClock } from '../clock/index.ts'
import { createApi, listen } from '../http/index.ts'
import { createLog } from '../log/index.ts'
import { createSecretBox, digestOf } from '../secrets/index.ts'
import { createAuthorizationServer, createTokenSource, createTokenVerifier, replaceSigningKeys } from './index.ts'
import { planKeys } from './key-rules.ts'

const policy = { period: Duration.ofDays(90), publishAhead: Duration.ofDays(1), keepAfter: Duration.ofDays(1) }
const start = Instant.parse('2026-01-15T08:00:00Z')
const day = (n: number) => start.plus(Duration.ofDays(n))

describe('the plan for keys', () => {
  const [a, b] = [
    { kid: 'a', activeFrom: day(0) },
    { kid: 'b', activeFrom: day(90) },
  ]
  test.each([
    ['no key yet: makes one at once', [], day(0), { signing: null, published: [], makeFrom: day(0), remove: [] }],
    ['a young key: nothing to do', [a], day(88), { signing: 'a', published: ['a'], makeFrom: null, remove: [] }],
    [
      'a day before its end: makes the next',
      [a],
      day(89),
      { signing: 'a', published: ['a'], makeFrom: day(90), remove: [] },
    ],
    [
      'before its time: publishes the next, which does not sign',
      [a, b],
      day(89),
      { signing: 'a', published: ['a', 'b'], makeFrom: null, remove: [] },
    ],
    [
      'at its time: the next signs and the old one stays published',
      [b, a],
      day(90),
      { signing: 'b', published: ['b', 'a'], makeFrom: null, remove: [] },
    ],
    [
      'a day later: removes the old one',
      [a, b],
      day(91),
      { signing: 'b', published: ['b'], makeFrom: null, remove: ['a'] },
    ],
    [
      'after an outage: the next key is first published for a day',
      [a],
      day(400),
      { signing: 'a', published: ['a'], makeFrom: day(401), remove: [] },
    ],
    [
      'a clock set before every key: the first one signs',
      [b],
      day(0),
      { signing: 'b', published: ['b'], makeFrom: null, remove: [] },
    ],
  ])('%s', (_, keys, now, plan) => {
    expect(planKeys(keys, now, policy)).toEqual(plan)
  })
})

/** A database with a clock, and a way to begin authorization servers on both. */
async function servers() {
  const { db } = await createTestDatabase('server')
  const clock = new SimulatedClock(start)
  const [log, secrets] = [createLog('test', 'silent'), createSecretBox(Buffer.alloc(32, 7))]
  const begin = async () => {
    const listener = await listen({ host: '127.0.0.1', port: 0, what: 'a test', portSetting: 'nothing' })
    const issuer = `${listener.url}/oidc`
    const server = await createAuthorizationServer({
      issuer,
      db,
      secrets,
      log,
      clock,
      findClient: async (id) => ({
        client_id: id,
        client_secret: digestOf('a secret'),
        scope: 'meter',
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
        token_endpoint_auth_method: 'client_secret_basic' as const,
      }),
      resource: { audience: 'urn:api', scopes: ['meter'] },
    })
    listener.use(createApi(log).fetch, { '/oidc': server.handle })
    onTestFinished(async () => {
      server.close()
      await listener.close(0)
    })
    const jwks = async () =>
      (await (await fetch(`${listener.url}/oidc/jwks`)).json()) as { keys: { kid: string; d?: string }[] }
    const token = () =>
      createTokenSource({
        tokenEndpoint: `${listener.url}/oidc/token`,
        issuer,
        clientId: 'c',
        scope: 'meter',
        authentication: { method: 'client_secret_basic', secret: 'a secret' },
      }).get()
    return { issuer, keys: server.keys, jwks, token, kids: async () => (await jwks()).keys.map(({ kid }) => kid) }
  }
  return { db, clock, secrets, begin }
}

test('keys rotate on time, tokens of the old key stay valid, and two servers on a database agree', async () => {
  const { clock, begin } = await servers()
  const [one, two] = await Promise.all([begin(), begin()])
  const [first] = await one.kids()
  expect(await two.kids()).toEqual([first])
  const old = await one.token()
  const signedBy = (token: string) => JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid
  expect(signedBy(old)).toBe(first)

  clock.jumpTo(day(89))
  await clock.advanceTo(day(89).plusSeconds(60))
  const [, next] = await one.kids()
  expect(await two.kids()).toEqual([first, next])
  expect(signedBy(await two.token())).toBe(first)

  clock.jumpTo(day(90))
  await clock.advanceTo(day(90).plusSeconds(60))
  expect(await one.kids()).toEqual([next, first])
  expect(signedBy(await two.token())).toBe(next)
  const published = (await one.jwks()) as Parameters<typeof createLocalJWKSet>[0]
  const { payload } = await jwtVerify(old, createLocalJWKSet(published), { audience: 'urn:api' })
  expect(payload['client_id']).toBe('c')
  expect(published.keys.map((key) => key.d)).toEqual([undefined, undefined])

  clock.jumpTo(day(91))
  await clock.advanceTo(day(91).plusSeconds(60))
  expect(await one.kids()).toEqual([next])
})

test('after a break-in one key takes the place of all within a minute, and verifiers know it by the first token that it signs, or when their copy is a minute old', async () => {
  const { db, clock, secrets, begin } = await servers()
  const [one, two] = await Promise.all([begin(), begin()])
  onTestFinished(() => void vi.useRealTimers())
  const begunMs = Date.now()
  // Keys grow old in real time, which stands still but for this.
  const later = (seconds: number) => vi.setSystemTime(begunMs + seconds * 1_000)
  later(0)
  const [stolen] = await one.kids()
  const beside = createTokenVerifier(one.issuer, 'urn:api', { keys: one.keys })
  const [elsewhere, idle] = [createTokenVerifier(one.issuer, 'urn:api'), createTokenVerifier(one.issuer, 'urn:api')]
  const clientOf = async (token: string, verify = beside) =>
    (await verify(new Request('http://127.0.0.1/', { headers: { authorization: `Bearer ${token}` } }))).clientId
  const old = await one.token()
  for (const verify of [beside, elsewhere, idle]) expect(await clientOf(old, verify)).toBe('c')

  expect(await replaceSigningKeys(db, secrets, clock.now())).toBe(1)
  await clock.advanceTo(clock.now().plusSeconds(60))
  const kids = await one.kids()
  expect(kids).toHaveLength(1)
  expect(kids).not.toContain(stolen)
  expect(await two.kids()).toEqual(kids)
  await expect(clientOf(old)).rejects.toThrow('no applicable keys')
  expect(await clientOf(await one.token())).toBe('c')
  // Within a second of the last fetch there is no other, whoever asks.
  await expect(clientOf(await one.token(), elsewhere)).rejects.toThrow('no applicable keys')
  later(2)
  expect(await clientOf(await one.token(), elsewhere)).toBe('c')
  await expect(clientOf(old, elsewhere)).rejects.toThrow('no applicable keys')
  later(59)
  expect(await clientOf(old, idle)).toBe('c')
  later(60)
  await expect(clientOf(old, idle)).rejects.toThrow('no applicable keys')
})
