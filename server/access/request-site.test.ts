import { request } from 'node:http'
import { Instant } from '@js-joda/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { operations } from '../../schemas/operations.ts'
import { requestOf } from '../../schemas/vocabulary/client.ts'
import type { Operation } from '../../schemas/vocabulary/operation.ts'
import type { Client } from '../../test/support/client.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import { startTestServer, type TestServer } from '../../test/support/server.ts'
import { Browser, logInAddress, sendPassword } from '../../test/support/visitor.ts'
import { saveClient } from './index.ts'
import { isFromElsewhere } from './request-site.ts'

const clock = new SimulatedClock(Instant.parse('2026-01-15T08:00:00Z'))
let server: TestServer
let administrator: Client
let own: string

beforeAll(async () => {
  const { url } = await createTestDatabase('server')
  server = await startTestServer(url, clock)
  administrator = await server.person('ada', 'administrator')
  own = new URL(server.url).origin
})

const accountChange = {
  params: { username: 'mallory' },
  body: { fullName: 'Mallory', password: 'a long pass phrase', roles: ['administrator'], fspId: null },
}

/** What browsers send with a request that a page of another site makes. */
const elsewhere: [string, Record<string, string>][] = [
  [
    'another site',
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', origin: 'https://elsewhere.example' },
  ],
  ['a neighbour on the same domain', { 'sec-fetch-site': 'same-site', origin: 'https://wiki.dno.example' }],
  ['a page without an origin', { origin: 'null' }],
  ['another site in an old browser', { origin: 'https://elsewhere.example' }],
  ['another port of this host', { origin: 'http://127.0.0.1:1' }],
  [
    'a form on another site',
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
  ],
]

describe.each(elsewhere)('a request that %s makes', (_, headers) => {
  test('SEC01 changes nothing, though the cookie comes along', async () => {
    const refused = await administrator.ask(operations.changeAccount, accountChange, headers)
    expect([refused.status, refused.body.type]).toEqual([403, 'urn:ringmain:problem:foreign-origin'])
    expect(refused.body.detail).toContain(`only the portal at ${own} may`)
    const { body } = await administrator.ask(operations.listAccounts)
    expect(body.items.map(({ username }: { username: string }) => username)).not.toContain('mallory')
  })

  test('SEC01 logs nobody in or out', async () => {
    const browser = new Browser()
    const page = await browser.go(logInAddress(server))
    expect((await sendPassword(browser, server, page, 'ada', 'ada has a long password', headers)).status).toBe(403)
    expect((await administrator.ask(operations.logOut, {}, headers)).status).toBe(403)
    expect((await administrator.ask(operations.readSession)).status).toBe(200)
  })
})

test('SEC01 no other site’s page reads with the cookie, or follows the stream of changes', async () => {
  for (const operation of [operations.listAccounts, operations.followChanges]) {
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }
    expect(await statusOf(administrator, operation, headers)).toBe(403)
    const framed = { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }
    expect(await statusOf(administrator, operation, framed)).toBe(403)
  }
})

/** The status of a read as a browser makes it; `fetch` replaces some of these headers. */
function statusOf(client: Client, operation: Operation, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const { path } = requestOf(operation, {})
    const asking = request(`${server.url}${path}`, { headers: { ...client.headers, ...headers } }, (response) => {
      resolve(response.statusCode ?? 0)
      response.destroy()
    })
    asking.on('error', reject).end()
  })
}

test('the portal’s own requests, links from anywhere and programs pass', async () => {
  const ofPortal = { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty', origin: own }
  expect((await administrator.ask(operations.changeAccount, accountChange, ofPortal)).status).toBe(200)
  const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
  expect(await statusOf(administrator, operations.listAccounts, link)).toBe(200)
  expect((await administrator.ask(operations.changeAccount, accountChange)).status).toBe(200)
})

test('a client with a token may be a page of another site', async () => {
  await saveClient(server.context.db, {
    clientId: 'fsp-1',
    kind: 'fsp',
    subjectId: '6f2d3a34-3c51-4f8e-9a2b-0d3f7c9d1e11',
    scopes: ['market'],
    active: true,
    authentication: { method: 'client_secret_basic', secret: 'secret of the FSP' },
  })
  const client = await server.tokenClient('fsp-1', 'secret of the FSP', 'market')
  const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://elsewhere.example' }
  expect((await client.ask(operations.registerDer, { body: {} }, headers)).status).toBe(422)
})

test.each([
  ['POST', {}, false],
  ['POST', { 'sec-fetch-mode': 'cors' }, false],
  ['POST', { 'sec-fetch-site': 'none' }, false],
  ['POST', { 'sec-fetch-site': 'something new' }, true],
  ['POST', { 'sec-fetch-site': 'same-origin', origin: 'https://elsewhere.example' }, true],
  ['DELETE', { origin: 'https://ringmain.example' }, false],
  ['DELETE', { origin: 'https://ringmain.example.elsewhere.example' }, true],
  ['DELETE', { origin: 'http://ringmain.example' }, true],
  ['HEAD', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }, false],
])('%s with %j is from elsewhere: %s', (method, headers, expected) => {
  const given = new Headers(headers as Record<string, string>)
  expect(isFromElsewhere({ method, headers: given }, 'https://ringmain.example')).toBe(expected)
})
