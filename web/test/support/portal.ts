import { rm } from 'node:fs/promises'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { screenFaults } from './accessibility.ts'
import { launchBrowser, type TestBrowser } from './browser.ts'
import { buildForTest } from './build.ts'
import { type FixtureServer, serveFixtures } from './fixture-server.ts'

export interface PortalUnderTest {
  readonly server: FixtureServer
  /** Opens a path as a logged-in person, or with `loggedIn: false` as a stranger. */
  open(path: string, options?: BrowserContextOptions & { loggedIn?: boolean }): Promise<Page>
}

/** The portal, built from its sources and served with fixtures, in a browser; a server and a visitor of its own for each test of the file. */
export function portalUnderTest(): PortalUnderTest {
  let folder: string
  let browser: TestBrowser
  let server: FixtureServer
  const close: (() => Promise<void>)[] = []
  const complaints: string[] = []
  beforeAll(async () => {
    folder = await buildForTest()
    browser = await launchBrowser()
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await rm(folder, { recursive: true, force: true })
  })
  beforeEach(async () => {
    complaints.length = 0
    server = await serveFixtures(folder)
  })
  afterEach(async () => {
    for (const end of close.splice(0)) await end()
    await server.close()
    // Whatever a page complains of (scripts, the content security policy) fails the test in which it did.
    expect(complaints).toEqual([])
  })
  return {
    get server() {
      return server
    },
    async open(path, { loggedIn = true, ...options } = {}) {
      const context = await browser.visit(options)
      close.push(() => context.close())
      if (loggedIn) await context.addCookies([{ name: 'session', value: 'yes', url: server.url }])
      const page = await context.newPage()
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

/** A screen: its path, its heading, and a text that is there once its data are. */
export type Screen = readonly [path: string, heading: string, text: string]

/** What holds for every screen: accessible by axe in light and dark, and readable at 400 px. */
export function testEveryScreen(portal: PortalUnderTest, screens: readonly Screen[]): void {
  it.each(screens)('%s is accessible by axe in light and dark, and fits into 400 px', async (path, heading, text) => {
    const page = await portal.open(path, { colorScheme: 'light', loggedIn: path !== '/log-in' })
    await page.getByRole('heading', { name: heading, level: 1 }).waitFor()
    await page.getByText(text).first().waitFor()
    expect(await screenFaults(page)).toEqual([])
  })
}
