import { StartupError } from '../../platform/errors/index.ts'
import { passwordText } from '../../schemas/access/passwords.ts'
import { listAccounts, saveAccount } from '../../server/access/index.ts'
import type { ServerContext } from '../../server/kit/index.ts'

/** In a system without accounts makes the one that can make all others. Later the password here changes nothing. */
export async function makeFirstAdministrator({ db }: ServerContext, password: string | undefined): Promise<void> {
  if (password === undefined || (await listAccounts(db)).length > 0) return
  const fault = passwordText.safeParse(password).error?.issues[0]?.message
  if (fault) throw new StartupError(`RINGMAIN_ADMIN_PASSWORD ${fault}.`)
  await saveAccount(db, {
    username: 'admin',
    fullName: 'Administrator',
    password,
    isPasswordInitial: true,
    roles: ['administrator'],
  })
}
