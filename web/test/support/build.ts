import { join } from 'node:path'
import { build } from 'vite'
import { oncePerRun } from './once.ts'

const portal = join(import.meta.dirname, '..', '..', 'portal')

/**
 * The portal, built from its sources once a run, so that tests never see an old build; the folder goes with the run. Under vitest it is
 * React’s development build, which complains of what a production build does wrong in silence.
 */
export function builtPortal(): Promise<string> {
  return oncePerRun('portal', async (folder) => {
    const outDir = join(folder, 'built')
    await build({
      root: portal,
      configFile: join(portal, 'vite.config.ts'),
      logLevel: 'error',
      build: { outDir, emptyOutDir: true },
    })
    return outDir
  })
}
