import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { codeOf } from '../../platform/errors/index.ts'

/** Writes a file so that a reader, now, after a kill or after a power cut, finds the old content or the new, never a part. */
export function replaceFile(path: string, content: string): void {
  writeFileSync(`${path}.new`, content, { mode: 0o640, flush: true })
  renameSync(`${path}.new`, path)
}

/** Has the disk keep what names a folder holds: a file that is not in its folder after a power cut is lost, whatever was in it. */
export function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
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
