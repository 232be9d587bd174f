import { join } from 'node:path'
import { readIfThere, replaceFile } from './files.ts'

/** What Linux calls each of its lives; other systems do not tell. */
const bootFile = '/proc/sys/kernel/random/boot_id'

/**
 * Whether the machine has started anew since this was asked last of a folder: then what had not been synced is gone, though the server may
 * have had some of it.
 */
export function hasRebooted(folder: string): boolean {
  const now = readIfThere(bootFile)
  if (now === null) return false
  const file = join(folder, 'boot-id')
  const before = readIfThere(file)
  if (before === now) return false
  replaceFile(file, now)
  return before !== null
}
