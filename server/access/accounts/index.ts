import { accountOperations } from '../../../schemas/access/accounts.ts'
import { bind } from '../../kit/index.ts'
import {
  endAccountSession,
  endAccountSessions,
  listAccountSessions,
  resetSecondFactor,
  setAccountAccess,
} from './administration.ts'
import { changeAccount } from './change-account.ts'
import { listAccounts } from './service.ts'
import { viewAccount } from './views.ts'

export { checkCode, type Proof, proofRefused } from './identity.ts'
export { passwordFault } from './password-rules.ts'
export {
  countRecoveryCodes,
  newTotpSecret,
  removeTotp,
  renewRecoveryCodes,
  stepOf,
  totpUri,
} from './second-factor.ts'
export {
  accountOfExternal,
  actorOf,
  findAccount,
  findAccountOf,
  hasPassword,
  listAccounts,
  saveAccount,
  setPassword,
} from './service.ts'
export {
  actorOfSession,
  endSession,
  endSessionOf,
  endSessionsOf,
  isSessionOpen,
  openSession,
  renewSession,
  sessionsEndedChannel,
  sessionsOf,
} from './sessions.ts'
export { account, sealedTotpPending, sealedTotps } from './tables.ts'

/** Portal accounts, for administrators. */
export const accounts = bind(accountOperations, {
  changeAccount,
  setAccountAccess,
  resetSecondFactor,
  listAccountSessions,
  endAccountSession,
  endAccountSessions,

  async listAccounts({ db }) {
    return { items: (await listAccounts(db)).map(viewAccount), nextCursor: null }
  },
})
