import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core'
import { atEnd } from '../../../test/support/cleanup.ts'
import { oncePerRun } from './once.ts'

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

let launched: Promise<TestBrowser> | undefined

/**
 * The one browser of the worker: the Chromium that npm brought, without installation or system package. To be called before the tests of
 * a file begin; closed when they are done.
 */
export function launchBrowser(): Promise<TestBrowser> {
  launched ??= launch()
  return launched
}

async function launch(): Promise<TestBrowser> {
  const packaged = await packagedChromium()
  packaged.setGraphicsMode = false
  // It is unpacked on first use, and cannot be started by one worker while another still writes it.
  // The package unpacks to `chromium` in the temporary folder, which is the run's: the mark needs another name.
  const executablePath = await oncePerRun('browser', () => packaged.executablePath())
  const home = await mkdtemp(join(tmpdir(), 'ringmain-browser-'))
  const browser = await chromium.launch({ executablePath, args, env: { ...process.env, HOME: home } })
  atEnd(async () => {
    launched = undefined
    await browser.close()
    await rm(home, { recursive: true, force: true })
  })
  return {
    visit: (options = {}) =>
      browser.newContext({
        locale: 'en-GB',
        viewport: { width: 1280, height: 800 },
        reducedMotion: 'reduce' as const,
        ...options,
      }),
  }
}
