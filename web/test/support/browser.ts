import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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

const libraryFolders = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64', '/usr/lib']

/**
 * The Chromium that npm brought. On a bare system it needs libraries that the package brings too, but unpacks for AWS Lambda only:
 * it is told that this is one.
 */
async function packagedChromium() {
  if (!libraryFolders.some((folder) => existsSync(join(folder, 'libnss3.so'))))
    process.env['AWS_LAMBDA_JS_RUNTIME'] ??= 'nodejs22.x'
  return (await import('@sparticuz/chromium')).default
}

/** Starts the Chromium that npm brought: no installation, no system package. */
export async function launchBrowser(): Promise<TestBrowser> {
  const packaged = await packagedChromium()
  packaged.setGraphicsMode = false
  const executablePath = await packaged.executablePath()
  const home = await mkdtemp(join(tmpdir(), 'ringmain-browser-'))
  const browser = await chromium.launch({ executablePath, args, env: { ...process.env, HOME: home } })
  return {
    visit: (options = {}) =>
      browser.newContext({
        locale: 'en-GB',
        viewport: { width: 1280, height: 800 },
        reducedMotion: 'reduce' as const,
        ...options,
      }),
    async close() {
      await browser.close()
      await rm(home, { recursive: true, force: true })
    },
  }
}
