import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inject } from 'vitest'
import { digestOf, hashPassword } from '../../platform/secrets/index.ts'

/**
 * The hash of a password, made once in a run: it takes a fifth of a second of a core, as it has to, and tests make the same people again and
 * again. A hash that is made twice at once is good both times.
 */
export async function hashOnce(password: string): Promise<string> {
  const file = join(inject('runFolder'), `hash-${digestOf(password)}`)
  const kept = await readFile(file, 'utf8').catch(() => undefined)
  if (kept !== undefined) return kept
  const hash = await hashPassword(password)
  const unfinished = `${file}.${process.pid}.${++made}`
  await writeFile(unfinished, hash)
  await rename(unfinished, file)
  return hash
}

let made = 0
