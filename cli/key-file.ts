import { StartupError } from '../platform/errors/index.ts'
import { keysIn, readSecretFile, type SealingKeys } from '../platform/secrets/index.ts'

/** Whose secrets are sealed, and so whose key file and database a command is about. */
export const keyHolders = ['server', 'fsp', 'homes'] as const
export type KeyHolder = (typeof keyHolders)[number]

/** The keys in a key file. Errors: no such file, since whoever names a wrong folder is not to get new keys; a damaged one. */
export async function keysInFile(file: string): Promise<SealingKeys> {
  const text = await readSecretFile(file, (sentence) => process.stderr.write(`${sentence}\n`))
  if (text === null) throw new StartupError(`There is no key file ${file}: name the data folder with --data.`)
  return keysIn(text, `The key file ${file}`)
}

/** The keys that the secrets of a running installation are sealed with: those of RINGMAIN_SECRET_KEY, or else of its key file. */
export async function sealingKeysOf(file: string): Promise<SealingKeys> {
  const given = process.env['RINGMAIN_SECRET_KEY']
  return given === undefined ? keysInFile(file) : keysIn(given, 'RINGMAIN_SECRET_KEY')
}
