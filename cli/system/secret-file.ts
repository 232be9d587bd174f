import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newSecret } from '../../platform/secrets/index.ts'

/** A secret shared by two processes of a demo: kept in the data folder, made on first use. */
export async function sharedSecret(dataFolder: string, name: string): Promise<string> {
  const file = join(dataFolder, `${name}.secret`)
  const stored = await readFile(file, 'utf8').catch(() => null)
  if (stored) return stored.trim()
  const secret = newSecret()
  await mkdir(dataFolder, { recursive: true })
  await writeFile(file, `${secret}\n`, { mode: 0o600 })
  await chmod(file, 0o600)
  return secret
}
