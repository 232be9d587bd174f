import { and, count, eq } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import { mpanAuthority } from './tables.ts'

/** Undecided MPANs that one FSP may have: the homes of its largest file, and far from filling a disk. */
export const mostPending = 200_000

/** How many of an FSP's MPANs are undecided. */
export async function pendingOf(tx: Queryable, fspId: string): Promise<number> {
  const isPending = and(eq(mpanAuthority.fspId, fspId), eq(mpanAuthority.status, 'applied'))
  const [pending] = await tx.select({ n: count() }).from(mpanAuthority).where(isPending)
  return pending?.n ?? 0
}

/** Refuses applications while too many of an FSP's are undecided. */
export async function requireRoom(tx: Queryable, fspId: string, more: number): Promise<void> {
  if ((await pendingOf(tx, fspId)) + more <= mostPending) return
  throw new ProblemError('conflict', roomFault)
}

export const roomFault = `At most ${mostPending} applications may be undecided: wait for decisions.`
