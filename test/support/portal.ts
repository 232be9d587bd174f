import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Instant } from '@js-joda/core'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, expect } from 'vitest'
import { SimulatedClock } from '../../platform/clock/index.ts'
import type { Database } from '../../platform/db/index.ts'
import { createLog } from '../../platform/log/index.ts'
import { createTokenSource } from '../../platform/oauth/index.ts'
import type { Role } from '../../schemas/vocabulary/roles.ts'
import { openSession, saveAccount, sessionCookie } from '../../server/access/index.ts'
import { startServer } from '../../server/app/index.ts'
import { launchBrowser } from '../../web/test/support/browser.ts'
import { buildForTest } from '../../web/test/support/build.ts'
import { type Client, createClient } from './client.ts'
import { createTestDatabase } from './database.ts'

/** The real server with the built portal before a real browser, without the simulated world around it: what a test wants is put in over the API. */
export interface Portal {
  url: string
  db: Database
  clock: SimulatedClock
  /** A portal account of that name and those roles, with a session; how people log in has tests of its own. */
  person(username: string, ...roles: Role[]): Promise<Client>
  /** Somebody who acts for an FSP at the portal. */
  fspUser(username: string, fspId: string): Promise<Client>
  /** An FSP’s client with an access token of the real token endpoint. */
  tokenClient(clientId: string, secret: string, scope?: string): Promise<Client>
  /** A client that says nothing of who it is, or what it is given. */
  client(headers?: Record<string, string>): Client
  /** A page before somebody who has logged in. What a page complains of fails the test in which it did. */
  open(who: Client, path: string, options?: BrowserContextOptions): Promise<Page>
}

/** Starts it at an instant; closed when the test file is done. */
export async function startPortal(at = '2026-01-15T09:00:00Z'): Promise<Portal> {
  const { url: databaseUrl, db } = await createTestDatabase('server')
  const folder = await mkdtemp(join(tmpdir(), 'ringmain-portal-stage-'))
  const portalFolder = await buildForTest()
  const clock = new SimulatedClock(Instant.parse(at))
  const server = await startServer({
    databaseUrl,
    host: '127.0.0.1',
    port: 0,
    secretKeyFile: join(folder, 'key'),
    role: 'api',
    environment: 'demo',
    clock,
    portalFolder,
    log: createLog('portal stage', process.env['RINGMAIN_TEST_LOG'] ?? 'silent'),
  })
  const browser = await launchBrowser()
  const [open, complaints]: [(() => Promise<void>)[], string[]] = [[], []]
  afterEach(async () => {
    for (const end of open.splice(0)) await end()
    expect(complaints.splice(0)).toEqual([])
  })
  afterAll(async () => {
    await browser.close()
    await server.close()
    for (const made of [folder, portalFolder]) await rm(made, { recursive: true, force: true })
  })
  const [issuer, resource] = [`${server.publicUrl}/oidc`, `${server.publicUrl}/api`]
  const logIn = async (given: { username: string; roles: Role[]; fspId?: string }) => {
    const { username } = given
    const password = `${username} has a long password`
    const { accountId } = await saveAccount(db, { fullName: username, password, ...given })
    return createClient(resource, { cookie: `${sessionCookie}=${await openSession(db, clock.now(), accountId)}` })
  }
  return {
    url: server.url,
    db,
    clock,
    client: (headers = {}) => createClient(resource, headers),
    person: (username, ...roles) => logIn({ username, roles }),
    fspUser: (username, fspId) => logIn({ username, roles: ['fsp-user'], fspId }),
    async tokenClient(clientId, secret, scope = 'market meter') {
      const authentication = { method: 'client_secret_basic' as const, secret }
      const tokens = { issuer, tokenEndpoint: `${issuer}/token`, resource, clientId, authentication, scope }
      return createClient(resource, { authorization: `Bearer ${await createTokenSource(tokens).get()}` })
    },
    async open(who, path, options = {}) {
      const visitor = await browser.visit(options)
      open.push(() => visitor.close())
      const [name = '', value = ''] = (who.headers['cookie'] ?? '').split('=')
      await visitor.addCookies([{ name, value, url: server.url }])
      const page = await visitor.newPage()
      page.setDefaultTimeout(20_000)
      page.on('pageerror', (error) => complaints.push(error.message))
      page.on('console', (message) => {
        // A refused call is what some tests are about.
        const refused = message.text().startsWith('Failed to load resource')
        if (message.type() === 'error' && !refused) complaints.push(message.text())
      })
      await page.goto(`${server.url}${path}`)
      return page
    },
  }
}
