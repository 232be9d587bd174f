import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import packaged from '@sparticuz/chromium'
import { type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core'

/** No network but the loopback, no GPU, no updates: the browser is only for the pages under test. */
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--font-render-hinting=none',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
]

export interface TestBrowser {
  /** A fresh visitor: no cookies, no storage. */
  visit(options?: BrowserContextOptions): Promise<BrowserContext>
  close(): Promise<void>
}

/** Starts the Chromium that npm brought: no installation, no system package. */
export async function launchBrowser(): Promise<TestBrowser> {
  packaged.setGraphicsMode = false
  const executablePath = await packaged.executablePath()
  const home = await mkdtemp(join(tmpdir(), 'ringmain-browser-'))
  const browser = await chromium.launch({ executablePath, args, env: { ...process.env, HOME: home } })
  return {
    visit: (options = {}) =>
      browser.newContext({
        ...{ locale: 'en-GB', viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' as const },
        ...options,
      }),
    async close() {
      await browser.close()
      await rm(home, { recursive: true, force: true })
    },
  }
}
