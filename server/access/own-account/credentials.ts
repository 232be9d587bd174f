import { eq } from 'drizzle-orm'
import { ProblemError, refuse } from '../../../platform/http/index.ts'
import type { ownAccountOperations } from '../../../schemas/access/own-account.ts'
import type { Verb } from '../../kit/index.ts'
import {
  account,
  endSessionsOf,
  newTotpSecret,
  passwordFault,
  proofRefused,
  removeTotp,
  renewRecoveryCodes,
  sealedTotpPending,
  sealedTotps,
  setPassword,
  stepOf,
  totpUri,
} from '../accounts/index.ts'
import { ownAccountOf, requireProof } from './own.ts'

type Operations = typeof ownAccountOperations

/** Changes one's password. All other sessions end, so that nobody who knew the old password stays in. */
export const changePassword: Verb<Operations['changePassword']> = async ({ db, actor, body, context, audit }) => {
  const own = await ownAccountOf(db, actor)
  const { accountId, username, fullName } = own.row
  await requireProof(context, db, own, { password: body.current, code: body.code })
  if (body.password === body.current)
    throw new ProblemError('conflict', 'The new password is the present one: choose another.')
  refuse(await passwordFault(body.password, [username, fullName]))
  await setPassword(db, accountId, body.password)
  await endSessionsOf(db, accountId, own.session.sessionId)
  audit({ action: 'account.password-changed', subject: { type: 'account', id: username } })
}

/** Hands out a secret for an authenticator app. The present second factor counts until a code confirms the new one. */
export const beginSecondFactor: Verb<Operations['beginSecondFactor']> = async ({ db, actor, body, context, audit }) => {
  const own = await ownAccountOf(db, actor)
  const { accountId, username } = own.row
  await requireProof(context, db, own, body)
  const secret = newTotpSecret()
  const set = { sealedTotpPending: context.secrets.seal(secret, sealedTotpPending.use(accountId)) }
  await db.update(account).set(set).where(eq(account.accountId, accountId))
  audit({ action: 'account.second-factor-begun', subject: { type: 'account', id: username } })
  return { secret, uri: totpUri(secret, username) }
}

/** Takes the new secret into use. */
export const confirmSecondFactor: Verb<Operations['confirmSecondFactor']> = async ({
  db,
  at,
  actor,
  body,
  ...call
}) => {
  const { row, session } = await ownAccountOf(db, actor)
  const { accountId, username } = row
  if (!row.sealedTotpPending) throw new ProblemError('conflict', 'No second factor is being set up: begin again.')
  const { secrets } = call.context
  const secret = secrets.open(row.sealedTotpPending, sealedTotpPending.use(accountId))
  const step = stepOf(secret, body.code, at, 0)
  if (step === null) throw proofRefused('wrong')
  const sealedTotp = secrets.seal(secret, sealedTotps.use(accountId))
  const set = { sealedTotp, sealedTotpPending: null, secondFactorSince: at, lastTotpStep: step }
  await db.update(account).set(set).where(eq(account.accountId, accountId))
  const recoveryCodes = await renewRecoveryCodes(db, accountId)
  await endSessionsOf(db, accountId, session.sessionId)
  call.audit({ action: 'account.second-factor-set', subject: { type: 'account', id: username } })
  return { recoveryCodes }
}

/** Removes the second factor, where the operator does not require one. */
export const removeSecondFactor: Verb<Operations['removeSecondFactor']> = async ({ db, actor, context, audit }) => {
  const { row, session } = await ownAccountOf(db, actor)
  if (context.people.secondFactor === 'required')
    throw new ProblemError('conflict', 'Everybody needs a second factor here: set up another to replace it.')
  await removeTotp(db, row.accountId)
  await endSessionsOf(db, row.accountId, session.sessionId)
  audit({ action: 'account.second-factor-removed', subject: { type: 'account', id: row.username } })
}
