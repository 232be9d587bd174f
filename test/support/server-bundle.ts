import { access, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build, type Plugin } from 'vite'
import { inject } from 'vitest'

const entry = fileURLToPath(new URL('server-process.ts', import.meta.url))

/**
 * `server-process.ts` as one file of JavaScript, made once in a run: a process of it is up in half the time and with half the work that the
 * sources and packages take, which are some thousands of files, and the crash tests start hundreds. Workers that make it at once each make
 * it whole.
 */
export async function bundledServerProcess(): Promise<string> {
  const file = join(inject('runFolder'), 'server-process.mjs')
  const isMade = await access(file).then(
    () => true,
    () => false,
  )
  if (isMade) return file
  const folder = join(inject('runFolder'), `bundle-${process.pid}`)
  await build({
    configFile: false,
    logLevel: 'error',
    plugins: [keepingPlaces],
    ssr: { noExternal: true },
    build: {
      ssr: entry,
      target: 'node24',
      outDir: folder,
      emptyOutDir: false,
      rolldownOptions: { output: { codeSplitting: false, entryFileNames: 'server-process.mjs' } },
    },
  })
  await rename(join(folder, 'server-process.mjs'), file)
  return file
}

/** Files that the server finds beside its modules (migrations, workers, the portals) are found where they are. */
const keepingPlaces: Plugin = {
  name: 'keeping-places',
  enforce: 'pre',
  transform: (code, id) =>
    code.includes('import.meta.url')
      ? code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href))
      : undefined,
}
