import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { codeOf } from '../../platform/errors/index.ts'

/** Writes a file so that whoever reads it, now or after a kill, finds the old content or the new, never a part. */
export function replaceFile(path: string, content: string): void {
  writeFileSync(`${path}.new`, content, { mode: 0o640 })
  renameSync(`${path}.new`, path)
}

/** The content of a file, or `null` if there is none. */
export function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}
