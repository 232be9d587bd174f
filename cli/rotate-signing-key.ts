import { join } from 'node:path'
import { Instant } from '@js-joda/core'
import { Command, Option } from 'commander'
import { openDatabase } from '../platform/db/index.ts'
import { replaceSigningKeys } from '../platform/oauth/index.ts'
import { createSecretBox, presentSecretKeys } from '../platform/secrets/index.ts'
import { type KeyHolder, keyHolders, warnOfKeyFile } from './key-holders.ts'
import { dataOption } from './options.ts'
import { defaultDataFolder, lastingDatabases } from './system/databases.ts'

interface RotateFlags {
  data?: string
  of: KeyHolder
}

/** `ringmain rotate-signing-key`: a new key for tokens at once, where the present ones may be known to others. */
export function rotateSigningKeyCommand(): Command {
  return new Command('rotate-signing-key')
    .description(
      'after a break-in: put a new key that signs tokens in the place of all, so that tokens issued before are void',
    )
    .addOption(new Option('--of <process>', 'whose tokens').choices(keyHolders).default('server'))
    .addOption(dataOption())
    .action(rotate)
}

async function rotate({ data, of }: RotateFlags): Promise<void> {
  const dataFolder = data ?? (await defaultDataFolder())
  const secrets = createSecretBox(...(await presentSecretKeys(join(dataFolder, `${of}.key`), warnOfKeyFile)))
  const databases = await lastingDatabases(dataFolder, { withHomes: of === 'homes' })
  try {
    const database = await openDatabase(databases[`${of}Url`], { poolSize: 1 })
    try {
      const gone = await replaceSigningKeys(database.db, secrets, Instant.now())
      process.stdout.write(
        `A new key signs tokens${gone === 0 ? '' : gone === 1 ? '; the one before is gone' : `; the ${gone} before are gone`}. Running processes use it within a minute, and refuse what was signed before.\n`,
      )
    } finally {
      await database.close()
    }
  } finally {
    await databases.stop()
  }
}
