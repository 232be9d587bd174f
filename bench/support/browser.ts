import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import { build } from 'vite'

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

/** A face of `web/`, built for production into a folder. @returns that folder */
export async function builtFace(face: string, outDir: string): Promise<string> {
  const root = join(import.meta.dirname, '..', '..', 'web', face)
  await build({
    root,
    configFile: join(root, 'vite.config.ts'),
    mode: 'production',
    logLevel: 'error',
    build: { outDir, emptyOutDir: true },
  })
  return outDir
}
