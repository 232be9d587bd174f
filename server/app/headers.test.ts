import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Instant } from '@js-joda/core'
import { Hono } from 'hono'
import { beforeAll, describe, expect, test } from 'vitest'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { operations } from '../../schemas/operations.ts'
import { atEnd } from '../../test/support/cleanup.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import { screen } from '../../test/support/screen.ts'
import { startTestServer, type TestServer } from '../../test/support/server.ts'
import { addressOf, logInAddress } from '../../test/support/visitor.ts'
import { rememberAttempt } from '../access/log-in/attempt-cookie.ts'

const clock = new SimulatedClock(Instant.parse('2026-01-15T08:00:00Z'))
const publicUrl = 'https://ringmain.example'
let plain: TestServer
let secure: TestServer

beforeAll(async () => {
  const portalFolder = await mkdtemp(join(tmpdir(), 'ringmain-headers-'))
  atEnd(() => rm(portalFolder, { recursive: true }))
  await mkdir(join(portalFolder, 'assets'))
  await writeFile(join(portalFolder, 'index.html'), 'the page')
  await writeFile(join(portalFolder, 'assets', 'main.js'), 'the script')
  const folders = { portalFolder, plannerFolder: portalFolder }
  const { url } = await createTestDatabase('server')
  plain = await startTestServer(url, clock, folders)
  secure = await startTestServer((await createTestDatabase('server')).url, clock, { ...folders, publicUrl })
})

/** Addresses of every kind that the server's port answers. */
const kinds: [string, (server: TestServer) => string][] = [
  ['the page', () => screen('log-in')],
  ['a script', () => screen('assets/main.js')],
  ['the page of customers', () => screen('planner/')],
  ['a script of customers', () => screen('planner/assets/main.js')],
  ['a file that is not there', () => screen('assets/none.js')],
  ['the reference', () => screen('docs')],
  ['an API document', () => screen('openapi.json')],
  ['an API answer', () => new URL(addressOf(plain, operations.listDemoAccounts)).pathname],
  ['a refusal', () => new URL(addressOf(plain, operations.readSession)).pathname],
  ['the start of a log-in', () => new URL(logInAddress(plain)).pathname],
  ['the issuer', () => screen('oidc/jwks')],
  ['a refused token request', () => screen('oidc/token')],
  ['readiness', () => screen('readyz')],
]

describe.each(kinds)('%s', (_, pathOf) => {
  test('SEC01 is neither guessed at, framed nor told to other sites', async () => {
    for (const server of [plain, secure]) {
      const { headers } = await fetch(`${server.portUrl}${pathOf(server)}`, { redirect: 'manual' })
      expect(Object.fromEntries(headers)).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'same-origin',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'content-security-policy': expect.stringMatching(
          /base-uri 'none'.*frame-ancestors 'none'|frame-ancestors 'none'.*base-uri 'none'/,
        ),
      })
      const hsts = headers.get('strict-transport-security')
      expect(hsts).toBe(server === secure ? 'max-age=63072000; includeSubDomains' : null)
    }
  })

  test('SEC01 is kept by no cache unless it is the same for everybody', async () => {
    const { headers } = await fetch(`${plain.portUrl}${pathOf(plain)}`, { redirect: 'manual' })
    const kept: Record<string, string> = {
      'the page': 'no-cache',
      'a script': 'public, max-age=31536000, immutable',
      'the page of customers': 'no-cache',
      'a script of customers': 'public, max-age=31536000, immutable',
      'the issuer': headers.get('cache-control') ?? '',
    }
    expect(headers.get('cache-control')).toBe(kept[_] ?? 'no-store')
  })
})

test('SEC01 an answer that is asked for again by its ETag may be kept, but not used unasked', async () => {
  const gateway = await plain.person('ada', 'administrator')
  const answer = await gateway.ask(operations.listAccounts)
  expect(answer.headers.get('cache-control')).toBe('no-store')
})

describe('cookies over HTTPS', () => {
  test('SEC01 belong to this host alone, and no plain one is taken in their place', async () => {
    const secureCookie = (await secure.person('ada', 'administrator')).headers['cookie'] ?? ''
    expect(secureCookie).toMatch(/^__Host-ringmain_session=/)
    const read = (cookie: string) =>
      fetch(`${secure.portUrl}${new URL(addressOf(plain, operations.readSession)).pathname}`, { headers: { cookie } })
    expect((await read(secureCookie)).status).toBe(200)
    expect((await read(secureCookie.replace('__Host-', ''))).status).toBe(401)
    const out = await fetch(`${secure.portUrl}${new URL(addressOf(plain, operations.logOut)).pathname}`, {
      method: 'DELETE',
      headers: { cookie: secureCookie },
    })
    expect(out.headers.getSetCookie()).toEqual([
      '__Host-ringmain_session=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax',
    ])
  })

  test('SEC01 hold the attempt to log in as well, for half an hour', async () => {
    const app = new Hono()
    const attempt = { state: 's', nonce: 'n', codeVerifier: 'v', next: '/', replaces: null, isAgain: false }
    app.get('/', (c) => {
      rememberAttempt(secure.context, c as never, attempt)
      return c.body(null)
    })
    const [cookie] = (await app.request('/')).headers.getSetCookie()
    expect(cookie).toMatch(/^__Host-ringmain_log_in=[^;]+; Max-Age=1800; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
  })
})

test.each(kinds)('%s is not given to methods that nothing here uses, such as TRACE', async (_, pathOf) => {
  const { hostname, port } = new URL(plain.portUrl)
  for (const method of ['TRACE', 'PROPFIND']) {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const call = request({ hostname, port, method, path: pathOf(plain) }, (answer) =>
        resolve(answer.resume().statusCode),
      )
      call.on('error', reject).end()
    })
    expect(status).toBeGreaterThanOrEqual(400)
  }
})

test('the customers’ face is found without the slash at the end of its address, too', async () => {
  const { status, headers } = await fetch(`${plain.portUrl}${screen('planner')}`, { redirect: 'manual' })
  expect([status, headers.get('location')]).toEqual([302, screen('planner/')])
})
