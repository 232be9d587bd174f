import type { Instant } from '@js-joda/core'
import { and, count, eq, lt } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import { removeClients } from '../../access/index.ts'
import { recordAudit, type ServerContext } from '../../kit/index.ts'
import { fsp } from './tables.ts'

/**
 * Most applications that wait for a decision. Anybody may apply, so that without a limit anybody could fill the database and the list that
 * the DNO's people read. A DNO has some tens of FSPs in all.
 */
const mostWaiting = 500

/** An application that nobody has decided for so long lapses, days: its applicant may apply again. */
const waitingDays = 30

/** Refuses an application while too many wait. */
export async function requireRoom(tx: Queryable): Promise<void> {
  const [waiting] = await tx.select({ number: count() }).from(fsp).where(eq(fsp.status, 'applied'))
  if ((waiting?.number ?? 0) < mostWaiting) return
  throw new ProblemError(
    'unavailable',
    'Too many applications wait for a decision: apply again later, or call the DNO.',
  )
}

/** Deletes applications that nobody has decided, with their clients; the audit trail keeps that they were made. */
export async function forgetApplications({ db }: ServerContext, at: Instant): Promise<void> {
  await db.transaction(async (tx) => {
    const lapsed = and(eq(fsp.status, 'applied'), lt(fsp.appliedAt, at.minusSeconds(waitingDays * 86_400)))
    for (const { fspId } of await tx.delete(fsp).where(lapsed).returning({ fspId: fsp.fspId })) {
      await removeClients(tx, fspId)
      const record = { action: 'fsp.application-lapsed', subject: { type: 'fsp', id: fspId } }
      await recordAudit(tx, at, { kind: 'system', name: 'retention' }, record)
    }
  })
}
