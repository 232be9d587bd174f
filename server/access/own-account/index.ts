import { ProblemError } from '../../../platform/http/index.ts'
import { ownAccountOperations } from '../../../schemas/access/own-account.ts'
import { bind, personBehind } from '../../kit/index.ts'
import { countRecoveryCodes, endSessionOf, findAccount, renewSession, sessionsOf } from '../accounts/index.ts'
import { keepSession } from '../session-cookie.ts'
import { beginSecondFactor, changePassword, confirmSecondFactor, removeSecondFactor } from './credentials.ts'
import { ownAccountOf, requireProof } from './own.ts'

/** What people do with their own accounts: password, second factor, sessions. */
export const ownAccount = bind(ownAccountOperations, {
  changePassword,
  beginSecondFactor,
  confirmSecondFactor,
  removeSecondFactor,

  async readOwnAccount({ db, actor, context }) {
    const user = personBehind(actor)
    const row = user && (await findAccount(db, user.accountId))
    if (!row) throw new ProblemError('forbidden', 'Only a person who is logged in has an account of their own.')
    const { accountId, username, fullName, secondFactorSince, externalSubject } = row
    return {
      accountId,
      username,
      fullName,
      external: externalSubject !== null,
      needs: user.session?.needs ?? null,
      secondFactorSince: secondFactorSince?.toString() ?? null,
      recoveryCodesLeft: await countRecoveryCodes(db, accountId),
      secondFactorRequired: context.people.secondFactor === 'required',
    }
  },

  async listOwnSessions({ db, at, actor, context }) {
    const user = personBehind(actor)
    return user ? sessionsOf(db, at, context.people, user.accountId, user.session?.sessionId) : []
  },

  async endOwnSession({ db, actor, params, audit }) {
    const user = personBehind(actor)
    if (!user || !(await endSessionOf(db, user.accountId, params.sessionId)))
      throw new ProblemError('not-found', `Session ${params.sessionId} not found.`)
    audit({ action: 'account.session-ended', subject: { type: 'account', id: user.username } })
  },

  async confirmIdentity({ db, at, actor, body, context, http, audit }) {
    const own = await ownAccountOf(db, actor)
    await requireProof(context, db, own, body)
    keepSession(context, http, await renewSession(db, at, own.session.sessionId))
    audit({ action: 'account.identity-confirmed', subject: { type: 'account', id: own.row.username } })
  },
})
