import { join } from 'node:path'
import { codeOf, StartupError } from '../../platform/errors/index.ts'
import { newSecret, readSecretFile, writeSecretFile } from '../../platform/secrets/index.ts'

/** A secret shared by two processes of a demo: kept in the data folder, made on first use. */
export async function sharedSecret(
  dataFolder: string,
  name: string,
  warn: (sentence: string) => void,
): Promise<string> {
  const file = join(dataFolder, `${name}.secret`)
  const stored = await readSecretFile(file, warn)
  if (stored !== null) return secretIn(stored, file)
  const secret = newSecret()
  try {
    await writeSecretFile(file, `${secret}\n`, 'create')
    return secret
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return sharedSecret(dataFolder, name, warn)
    throw error
  }
}

/** An empty or cut-off file is not a secret: anyone could log in with it. */
function secretIn(stored: string, file: string): string {
  const secret = stored.trim()
  if (/^[\w-]{43}$/.test(secret)) return secret
  throw new StartupError(
    `${file} does not hold a secret of 43 characters: restore it, or delete it to have a new one made.`,
  )
}
