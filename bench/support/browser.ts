import { type Browser, chromium } from 'playwright-core'

/** The Chromium that npm brought. */
export async function launch(): Promise<Browser> {
  const packaged = (await import('@sparticuz/chromium')).default
  packaged.setGraphicsMode = false
  return chromium.launch({
    executablePath: await packaged.executablePath(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-dev-shm-usage',
    ],
  })
}
