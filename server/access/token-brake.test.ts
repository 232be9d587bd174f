import { randomUUID } from 'node:crypto'
import { Instant } from '@js-joda/core'
import { beforeAll, expect, test } from 'vitest'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import { startTestServer, type TestServer } from '../../test/support/server.ts'
import { saveClient } from './index.ts'

const clock = new SimulatedClock(Instant.parse('2026-01-15T08:00:00Z'))
let server: TestServer

beforeAll(async () => {
  const { url, db } = await createTestDatabase('server')
  server = await startTestServer(url, clock, { trustedProxies: ['127.0.0.1'] })
  for (const clientId of ['fsp-1', 'fsp-2'])
    await saveClient(db, {
      clientId,
      kind: 'fsp',
      subjectId: randomUUID(),
      scopes: ['market'],
      active: true,
      authentication: { method: 'client_secret_basic', secret: `secret of ${clientId}` },
    })
})

async function token(clientId: string, secret: string, address: string): Promise<Response> {
  const basic = Buffer.from(`${clientId}:${encodeURIComponent(secret)}`).toString('base64')
  return fetch(server.issuer.tokenEndpoint, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}`, 'x-forwarded-for': address },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'market' }),
  })
}

test('SEC06 brakes guesses of a client’s secret from the address that they come from, and nobody else', async () => {
  const statuses: number[] = []
  for (let i = 0; i < 22; i++) statuses.push((await token('fsp-1', `guess ${i}`, '192.0.2.1')).status)
  expect(statuses.indexOf(429)).toBe(20)
  const braked = await token('fsp-1', 'secret of fsp-1', '192.0.2.1')
  expect([braked.status, braked.headers.get('retry-after')]).toEqual([429, '45'])
  expect(await braked.json()).toMatchObject({ error: 'temporarily_unavailable' })
  expect((await token('fsp-1', 'secret of fsp-1', '192.0.2.2')).status).toBe(200)
  expect((await token('fsp-2', 'secret of fsp-2', '192.0.2.1')).status).toBe(200)
  await clock.advanceTo(clock.now().plusSeconds(46))
  expect((await token('fsp-1', 'secret of fsp-1', '192.0.2.1')).status).toBe(200)
})

test('SEC06 a client that authenticates rightly is never braked', async () => {
  for (let i = 0; i < 40; i++) expect((await token('fsp-2', 'secret of fsp-2', '192.0.2.3')).status).toBe(200)
})
