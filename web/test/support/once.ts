import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inject } from 'vitest'

/** Longer than the slowest such work takes on a machine under load, ms. */
const patienceMs = 120_000

/** Does something once in a test run, however many workers ask for it: the first to ask does it, and all get what it answered. */
export async function oncePerRun(name: string, work: (folder: string) => Promise<string>): Promise<string> {
  const folder = join(inject('runFolder'), `once-${name}`)
  const answer = join(folder, 'answer')
  const isFirst = await mkdir(folder).then(
    () => true,
    () => false,
  )
  if (isFirst) {
    const made = await work(folder)
    await writeFile(`${answer}.new`, made)
    await rename(`${answer}.new`, answer)
    return made
  }
  for (const until = Date.now() + patienceMs; Date.now() < until; await new Promise((wait) => setTimeout(wait, 50))) {
    const found = await readFile(answer, 'utf8').catch(() => null)
    if (found !== null) return found
  }
  throw new Error(`another worker was to do this, and has not: ${name}`)
}
