import { eq } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import { type Actor, personBehind, type ServerContext, type SessionState } from '../../kit/index.ts'
import { account, checkCode, hasPassword, type Proof, proofRefused } from '../accounts/index.ts'
import { type Brake, giveBack, takeTurn } from '../brakes/index.ts'

export type OwnAccountRow = typeof account.$inferSelect

/** The account of a caller, and the session that the call came in. */
export interface Own {
  row: OwnAccountRow
  session: SessionState
}

/** The caller's account, locked for a change. Throws for callers without a session, and for accounts that an external issuer keeps. */
export async function ownAccountOf(db: Queryable, actor: Actor): Promise<Own> {
  const user = personBehind(actor)
  if (!user?.session) throw new ProblemError('forbidden', 'Only a person who is logged in has an account of their own.')
  const [row] = await db.select().from(account).where(eq(account.accountId, user.accountId)).for('update')
  if (!row) throw new ProblemError('unauthenticated', 'This account is gone.')
  if (row.externalSubject)
    throw new ProblemError(
      'conflict',
      'Your organisation’s own log-in keeps your password and second factor: change them there.',
    )
  return { row, session: user.session }
}

/** Throws unless the caller proves again who they are. */
export async function requireProof(
  { db: pool, secrets, clock }: ServerContext,
  db: Queryable,
  { row }: Own,
  { password, code }: Proof,
): Promise<void> {
  const at = clock.now()
  const attempt = { brake: ofProofs, subject: [row.accountId] }
  // Counted apart from the transaction, which a wrong proof rolls back.
  const turn = await takeTurn(pool, at, attempt)
  if (!turn.ok) throw tooManyProofs(turn.failure.retryAfterS)
  if (!(await hasPassword(row, password))) throw proofRefused('wrong')
  const fault = await checkCode(db, secrets, at, row, code)
  if (fault === 'wrong') throw proofRefused(fault)
  await giveBack(pool, [attempt])
  if (fault) throw proofRefused(fault)
}

/** An open session that somebody else gets hold of must not serve to guess the password. */
const ofProofs: Brake = { name: 'proof of identity in a session', most: 10, perS: 15 * 60 }

function tooManyProofs(retryAfterS: number): ProblemError {
  return new ProblemError('too-many-attempts', `Too many attempts have failed: try again in ${retryAfterS} seconds.`, {
    headers: { 'retry-after': String(retryAfterS) },
  })
}
