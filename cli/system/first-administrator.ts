import { StartupError } from '../../platform/errors/index.ts'
import { listAccounts, saveAccount } from '../../server/access/index.ts'
import type { ServerContext } from '../../server/kit/index.ts'

/** In a system without accounts makes the one that can make all others. Later the password here changes nothing. */
export async function makeFirstAdministrator({ db }: ServerContext, password: string | undefined): Promise<void> {
  if (password === undefined || (await listAccounts(db)).length > 0) return
  if (password.length < 12) throw new StartupError('RINGMAIN_ADMIN_PASSWORD must have at least 12 characters.')
  await saveAccount(db, { username: 'admin', fullName: 'Administrator', password, roles: ['administrator'] })
}
