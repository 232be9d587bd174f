import { join } from 'node:path'
import { build } from 'vite'
import type { Language } from '../../vite/texts/catalogue.ts'
import { inLanguage } from '../../vite/texts/in-language.ts'
import { oncePerRun } from './once.ts'

/** The faces that are built: the DNO’s, its customers’, and that of an FSP’s people. */
type Face = 'portal' | 'planner' | 'depot'

/**
 * A face in a language, English by default, built from its sources once a run, so that tests never see an old build; the folder goes with the run. Under vitest it is
 * React’s development build, which complains of what a production build does wrong in silence.
 */
export function builtPortal(face: Face = 'portal', language: Language | null = null): Promise<string> {
  const root = join(import.meta.dirname, '..', '..', face)
  return oncePerRun(language ? `${face}-${language.tag}` : face, async (folder) => {
    const outDir = join(folder, 'built')
    await build({
      root,
      configFile: join(root, 'vite.config.ts'),
      plugins: language ? [inLanguage(language)] : [],
      logLevel: 'error',
      build: { outDir, emptyOutDir: true },
    })
    return outDir
  })
}
