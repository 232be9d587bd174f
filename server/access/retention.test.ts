import { Duration, Instant } from '@js-joda/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { createAdapter } from '../../platform/oauth/adapter.ts'
import { oidcPayload } from '../../platform/oauth/payload-table.ts'
import { operations } from '../../schemas/operations.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import { startTestServer, type TestServer } from '../../test/support/server.ts'
import { accessJobs, saveClient } from './index.ts'

const clock = new SimulatedClock(Instant.parse('2026-01-15T08:00:00Z'))
let server: TestServer

beforeAll(async () => {
  server = await startTestServer((await createTestDatabase('server')).url, clock)
  const timers = accessJobs(server.context)
  afterAll(() => {
    for (const timer of timers) timer.cancel()
  })
})

const rowsOf = async (model: string) =>
  (await server.context.db.select().from(oidcPayload)).filter((row) => row.model === model)

test('SEC10 what the authorization server no longer needs is purged, and nothing else', async () => {
  const { db } = server.context
  const expiresAt = (inS: number) => Instant.ofEpochMilli(Date.now() + inS * 1000)
  const row = (id: string, inS: number | null) => ({
    model: 'ReplayDetection',
    id,
    payload: {},
    expiresAt: inS === null ? null : expiresAt(inS),
  })
  await db.insert(oidcPayload).values([row('over', -1), row('valid', 600), row('for good', null)])
  await clock.advanceTo(clock.now().plus(Duration.ofMinutes(20)))
  expect((await rowsOf('ReplayDetection')).map(({ id }) => id).sort()).toEqual(['for good', 'valid'])
})

test('SEC10 log-in pages that anybody opens stay at most ten thousand; the oldest go', async () => {
  const { db } = server.context
  const inS = (seconds: number) => Instant.ofEpochMilli(Date.now() + seconds * 1000)
  const old = Array.from({ length: 10_050 }, (_, i) => ({ model: 'Interaction', id: `old-${i}`, expiresAt: inS(i) }))
  for (let at = 0; at < old.length; at += 2_000)
    await db.insert(oidcPayload).values(old.slice(at, at + 2_000).map((each) => ({ ...each, payload: {} })))
  const adapter = new (createAdapter(db, async () => undefined))('Interaction')
  for (let i = 0; i < 64; i++) await adapter.upsert(`new-${i}`, { kind: 'Interaction' }, 20_000)
  const left = (await rowsOf('Interaction')).map(({ id }) => id)
  expect(left).toHaveLength(10_000)
  expect(left).toContain('new-0')
  expect(left).not.toContain('old-0')
})

test('SEC10 nobody can add rows by pushing authorization requests, or send a secret in a body', async () => {
  const post = async (path: string, body: Record<string, string>) =>
    (await fetch(`${server.issuer.issuer}${path}`, { method: 'POST', body: new URLSearchParams(body) })).status
  const pushed = {
    client_id: 'ringmain-portal',
    response_type: 'code',
    scope: 'openid',
    redirect_uri: `${server.url}${operations.completeLogIn.path}`,
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  }
  expect(await post('/request', pushed)).toBe(404)
  await saveClient(server.context.db, {
    clientId: 'gateway-1',
    kind: 'gateway',
    subjectId: 'gateway-1',
    scopes: ['gateway'],
    active: true,
    authentication: { method: 'client_secret_basic', secret: 'in-a-body' },
  })
  const inBody = { client_id: 'gateway-1', client_secret: 'in-a-body', grant_type: 'client_credentials' }
  expect(await post('/token', { ...inBody, scope: 'gateway' })).toBeGreaterThanOrEqual(400)
})
