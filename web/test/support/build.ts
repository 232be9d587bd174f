import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'

const portal = join(import.meta.dirname, '..', '..', 'portal')

/**
 * Builds the portal from its sources into a folder of its own, so that tests never see an old build. Under vitest it is React’s
 * development build, which complains of what a production build does wrong in silence.
 */
export async function buildForTest(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ringmain-portal-'))
  await build({
    root: portal,
    configFile: join(portal, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true },
  })
  return folder
}
