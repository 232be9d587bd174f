import { accountOperations } from '../../../schemas/access/accounts.ts'
import { bind } from '../../kit/index.ts'
import { changeAccount } from './change-account.ts'
import { listAccounts } from './service.ts'
import { viewAccount } from './views.ts'

export {
  accountOfExternal,
  actorOf,
  actorOfSession,
  endSession,
  findAccount,
  findAccountOf,
  hasPassword,
  listAccounts,
  openSession,
  saveAccount,
} from './service.ts'

/** Portal accounts, for administrators. */
export const accounts = bind(accountOperations, {
  changeAccount,

  async listAccounts({ db }) {
    return { items: (await listAccounts(db)).map(viewAccount), nextCursor: null }
  },
})
