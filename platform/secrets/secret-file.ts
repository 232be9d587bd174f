import { chmod, mkdir, open, readFile, rename, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { codeOf, StartupError } from '../errors/index.ts'

/**
 * The text of a file that only its owner may read; `null` if there is none. Throws a `StartupError` for a file that is there and cannot be
 * read: it must never be taken for missing, because what is sealed with it would be lost (OWASP ASVS 5.0, 13.3.2). A file that others may read is closed to them.
 * @param warn is given a sentence if others could read it.
 */
export async function readSecretFile(file: string, warn: (sentence: string) => void): Promise<string | null> {
  try {
    const text = await readFile(file, 'utf8')
    if (process.platform !== 'win32') await closeToOthers(file, warn)
    return text
  } catch (error) {
    if (error instanceof StartupError) throw error
    if (codeOf(error) === 'ENOENT') return null
    throw new StartupError(
      `The key file ${file} cannot be read (${codeOf(error)}): correct its permissions, or restore it from the backup.`,
    )
  }
}

async function closeToOthers(file: string, warn: (sentence: string) => void): Promise<void> {
  const found = await stat(file)
  // A device such as /dev/null keeps nothing, and is everybody's.
  if (!found.isFile() || (found.mode & 0o077) === 0) return
  try {
    await chmod(file, 0o600)
  } catch (error) {
    throw new StartupError(
      `Others may read the key file ${file}, and that cannot be changed (${codeOf(error)}): run chmod 600 on it as its owner.`,
    )
  }
  warn(
    `Others could read the key file ${file}; it is now its owner’s alone. Replace the key if they should not know it.`,
  )
}

/**
 * Writes a file that only its owner may read. It is complete or not there at all, however the process ends.
 * @param mode `create` throws EEXIST if another process has created it first; `replace` replaces it.
 */
export async function writeSecretFile(file: string, text: string, mode: 'create' | 'replace'): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  if (mode === 'create') return write(file, text)
  const unfinished = `${file}.${process.pid}.new`
  await write(unfinished, text)
  await rename(unfinished, file)
}

async function write(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
}
