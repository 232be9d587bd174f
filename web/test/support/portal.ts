import { Instant } from '@js-joda/core'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { expect } from 'vitest'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import type { Database } from '../../../platform/db/index.ts'
import type { Client } from '../../../test/support/client.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { startTestServer, type TestServer, type TestServerOptions } from '../../../test/support/server.ts'
import type { Language } from '../../vite/texts/catalogue.ts'
import { screenFaults } from './accessibility.ts'
import { launchBrowser } from './browser.ts'
import { builtPortal } from './build.ts'
import { expectLoaded } from './loading.ts'
import { watchedPage } from './watched-page.ts'

/** The real server with the built portal before a real browser, without the simulated world around it: what a test wants is put in over the API. */
export interface Portal
  extends Pick<TestServer, 'context' | 'person' | 'account' | 'fspUser' | 'tokenClient' | 'client'> {
  /** Where the portal is. */
  url: string
  db: Database
  clock: SimulatedClock
  /** A page before somebody who has logged in, or before a stranger. What a page complains of fails the test in which it did. */
  open(who: Client | 'stranger', path: string, options?: BrowserContextOptions): Promise<Page>
}

interface PortalOptions extends Pick<TestServerOptions, 'demoAccounts' | 'environment' | 'people'> {
  /** That the DNO's own pages are in, if it is not English. */
  language?: Language
}

/** Starts it at an instant, in a file’s `beforeAll`; closed when the file is done. */
export async function startPortal(
  at = '2026-01-15T09:00:00Z',
  { language, ...options }: PortalOptions = {},
): Promise<Portal> {
  const [{ url: databaseUrl, db }, browser, portalFolder, plannerFolder] = [
    await createTestDatabase('server'),
    await launchBrowser(),
    await builtPortal('portal', language),
    await builtPortal('planner'),
  ]
  const clock = new SimulatedClock(Instant.parse(at))
  const server = await startTestServer(databaseUrl, clock, { ...options, portalFolder, plannerFolder })
  const url = server.context.publicUrl
  const { context, person, account, fspUser, tokenClient, client } = server
  return {
    url,
    db,
    clock,
    context,
    person,
    account,
    fspUser,
    tokenClient,
    client,
    async open(who, path, options = {}) {
      const visitor = await browser.visit(options)
      if (who !== 'stranger') {
        const [name = '', value = ''] = (who.headers['cookie'] ?? '').split('=')
        await visitor.addCookies([{ name, value, url }])
      }
      const page = await watchedPage(visitor)
      await page.goto(`${url}${path}`)
      return page
    },
  }
}

/** A screen: its path, its heading, and a text that is there once its data are. */
export type Screen = readonly [path: string, heading: string, text: string]

/** What holds for every screen: accessible by axe in light and dark, and readable at 400 px. Called in a test, with screens that the scene has. */
export async function expectGoodScreens(page: Page, screens: readonly Screen[]): Promise<void> {
  const url = new URL(page.url()).origin
  for (const [path, heading, text] of screens) {
    await page.goto(`${url}${path}`)
    await page.getByRole('heading', { name: heading, level: 1 }).waitFor()
    await page.getByText(text).filter({ visible: true }).first().waitFor()
    await expectLoaded(page)
    expect([path, await screenFaults(page)]).toEqual([path, []])
  }
}
