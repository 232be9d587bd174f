import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { Command, Option } from 'commander'
import { fspSealedColumns } from '../fsp/index.ts'
import { openDatabase } from '../platform/db/index.ts'
import { StartupError } from '../platform/errors/index.ts'
import {
  countSealedBefore,
  createSecretBox,
  presentSecretKeys,
  type SealingKeys,
  writeSecretFile,
} from '../platform/secrets/index.ts'
import { sealedColumns } from '../server/app/index.ts'
import { type KeyHolder, keyHolders, warnOfKeyFile } from './key-holders.ts'
import { dataOption } from './options.ts'
import { defaultDataFolder, lastingDatabases } from './system/databases.ts'

interface RotateFlags {
  data?: string
  of: KeyHolder
  forgetOld?: boolean
}

/** `ringmain rotate-sealing-key`: a new key for stored secrets, and later the end of the old ones. */
export function rotateSealingKeyCommand(): Command {
  return new Command('rotate-sealing-key')
    .description(
      'put a new key before those that seal stored secrets; each process seals everything with it when it starts next',
    )
    .addOption(new Option('--of <process>', 'whose key file').choices(keyHolders).default('server'))
    .option('--forget-old', 'instead remove the keys that no stored secret needs any more')
    .addOption(dataOption())
    .action(rotate)
}

async function rotate({ data, of, forgetOld }: RotateFlags): Promise<void> {
  const dataFolder = data ?? (await defaultDataFolder())
  const file = join(dataFolder, `${of}.key`)
  if (process.env['RINGMAIN_SECRET_KEY'] !== undefined)
    throw new StartupError(
      'RINGMAIN_SECRET_KEY holds the keys: put a new one before them there, separated by a comma, and restart the processes.',
    )
  const keys = await presentSecretKeys(file, warnOfKeyFile)
  if (forgetOld) await requireUnused(dataFolder, of, keys)
  const kept = forgetOld ? keys.slice(0, 1) : [randomBytes(32), ...keys]
  await writeSecretFile(file, kept.map((key) => `${key.toString('hex')}\n`).join(''), 'replace')
  process.stdout.write(
    forgetOld
      ? `${file} holds the newest key only.\n`
      : `${file} holds a new key. Restart the processes that use it, then run this command again with --forget-old.\n`,
  )
}

/** Refuses to remove a key that a stored secret is still sealed with. */
async function requireUnused(dataFolder: string, of: RotateFlags['of'], keys: SealingKeys): Promise<void> {
  const databases = await lastingDatabases(dataFolder, { withHomes: of === 'homes' })
  try {
    const database = await openDatabase(databases[`${of}Url`], { poolSize: 1 })
    try {
      const columns = of === 'server' ? sealedColumns : fspSealedColumns
      const left = await countSealedBefore(database.db, createSecretBox(...keys), columns)
      if (left > 0)
        throw new StartupError(`${left} stored secrets are still sealed with older keys: restart the processes first.`)
    } finally {
      await database.close()
    }
  } finally {
    await databases.stop()
  }
}
