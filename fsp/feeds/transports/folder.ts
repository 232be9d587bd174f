import { mkdir, readdir, readFile, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { Instant } from '@js-joda/core'
import { codeOf } from '../../../platform/errors/index.ts'
import type { TransportOf } from '../../../schemas/fsp/feeds/transports.ts'
import { type Arrived, type Fetching, fits, type Listed, unseen } from './files.ts'

/**
 * The new files of a folder below `root`. Files stay where they are: whoever put them there may still need them. A link that leads out of
 * `root` is refused.
 */
export async function* fromFolder(
  root: string,
  { path, pattern }: TransportOf<'folder'>,
  fetching: Fetching,
): AsyncGenerator<Arrived> {
  const folder = join(root, path)
  await mkdir(root, { recursive: true })
  for (const { name, ...listed } of await unseen(await listingOf(folder, pattern), fetching)) {
    const file = join(folder, name)
    await requireInside(root, file)
    const isShort = listed.bytes <= fetching.maxBytes
    yield { name, ...listed, content: isShort ? await readFile(file) : null }
  }
}

async function listingOf(folder: string, pattern: string): Promise<Listed[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error) => {
    throw new Error(`the folder ${folder} cannot be read (${codeOf(error)}): create it, or correct the feed`)
  })
  const names = entries.filter((entry) => entry.isFile() && fits(entry.name, pattern)).map(({ name }) => name)
  return Promise.all(
    names.map(async (name) => {
      const { size, mtimeMs } = await stat(join(folder, name))
      return { name, bytes: size, modifiedAt: Instant.ofEpochMilli(Math.floor(mtimeMs)) }
    }),
  )
}

async function requireInside(root: string, file: string): Promise<void> {
  const [real, top] = await Promise.all([realpath(file), realpath(root)])
  if (!real.startsWith(`${top}${sep}`)) throw new Error(`${file} leads out of the folder for feeds`)
}
