import type { Instant } from '@js-joda/core'
import { and, eq, inArray } from 'drizzle-orm'
import type { Queryable } from '../../platform/db/index.ts'
import type { Refusal } from '../../schemas/vocabulary/outcome.ts'
import type { Actor } from './actors.ts'
import { approvalFault, type Hand, identityOf } from './second-person-rules.ts'
import { hand } from './tables.ts'

/** A thing that a second person has to approve: a `tender`, a `proposal`. */
export interface Subject {
  readonly type: string
  readonly id: string
}

/** Records that somebody had a hand in a thing. Call it in the transaction of the act, with the thing locked. @param did past tense. */
export async function addHand(tx: Queryable, at: Instant, subject: Subject, actor: Actor, did: string): Promise<void> {
  await tx.insert(hand).values({
    subjectType: subject.type,
    subjectId: subject.id,
    actorId: identityOf(actor),
    actorKind: actor.kind,
    did,
    at,
  })
}

/** The hands in things of one type, by identifier. */
export async function handsIn(tx: Queryable, type: string, ids: readonly string[]): Promise<Map<string, Hand[]>> {
  if (ids.length === 0) return new Map()
  const rows = await tx
    .select({ subjectId: hand.subjectId, actorId: hand.actorId, did: hand.did })
    .from(hand)
    .where(and(eq(hand.subjectType, type), inArray(hand.subjectId, [...ids])))
    .orderBy(hand.handId)
  return Map.groupBy(rows, (row) => row.subjectId)
}

/** Why an actor may not approve a locked thing; `null` if they may. A refused attempt is to be audited (FM16). @param what with its article. */
export async function secondPersonFault(
  tx: Queryable,
  subject: Subject,
  actor: Actor,
  what: string,
): Promise<Refusal | null> {
  const hands = await handsIn(tx, subject.type, [subject.id])
  return approvalFault(hands.get(subject.id) ?? [], actor, what)
}
