import { randomBytes } from 'node:crypto'
import { codeOf, StartupError } from '../errors/index.ts'
import { readSecretFile, writeSecretFile } from './secret-file.ts'

/** Keys of 32 bytes, the newest first: it seals, all of them open. */
export type SealingKeys = readonly [Buffer, ...Buffer[]]

const setting = 'RINGMAIN_SECRET_KEY'

/**
 * The sealing keys from `RINGMAIN_SECRET_KEY` (64 hexadecimal digits each, the newest first, separated by commas), or else from a file with
 * one on each line. Only a file that is missing is created; throws a `StartupError` for anything else that is wrong with it.
 */
export async function loadSecretKeys(file: string, warn: (sentence: string) => void): Promise<SealingKeys> {
  const known = await knownKeys(file, warn)
  if (known) return known
  const key = randomBytes(32)
  try {
    await writeSecretFile(file, `${key.toString('hex')}\n`, 'create')
    return [key]
  } catch (error) {
    // Another process that starts at the same time has created it: its key is the one.
    if (codeOf(error) === 'EEXIST') return loadSecretKeys(file, warn)
    throw new StartupError(
      `The key file ${file} cannot be written (${codeOf(error)}): correct the folder’s permissions.`,
    )
  }
}

/**
 * The sealing keys of an installation that there is, from where `loadSecretKeys` has them. Errors: no such file, since whoever names a wrong folder
 * is not to get new keys.
 */
export async function presentSecretKeys(file: string, warn: (sentence: string) => void): Promise<SealingKeys> {
  const known = await knownKeys(file, warn)
  if (!known) throw new StartupError(`There is no key file ${file}: name the data folder with --data.`)
  return known
}

async function knownKeys(file: string, warn: (sentence: string) => void): Promise<SealingKeys | null> {
  const given = process.env[setting]
  if (given !== undefined) return keysIn(given, setting)
  const text = await readSecretFile(file, warn)
  return text === null ? null : keysIn(text, `The key file ${file}`)
}

/** Keys in a text, one a line or separated by commas. @param what names where the text is from, for the sentence if it is wrong. */
export function keysIn(text: string, what: string): SealingKeys {
  const [first, ...rest] = text.split(/[\s,]+/).filter(Boolean)
  if (first === undefined || ![first, ...rest].every((key) => /^[0-9a-f]{64}$/i.test(key)))
    throw new StartupError(
      `${what} must hold keys of 64 hexadecimal digits, the newest first. If it is damaged, restore it from the backup: without its key the stored secrets cannot be opened.`,
    )
  return [Buffer.from(first, 'hex'), ...rest.map((key) => Buffer.from(key, 'hex'))]
}
