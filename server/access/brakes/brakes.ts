import type { Instant } from '@js-joda/core'
import { eq, lt, sql } from 'drizzle-orm'
import type { Database } from '../../../platform/db/index.ts'
import { digestOf } from '../../../platform/secrets/index.ts'
import { failure, type Outcome, success } from '../../../schemas/vocabulary/outcome.ts'
import { brake } from './tables.ts'

/** An allowance of attempts: `most` at once, regained evenly over `perS` seconds. Its name keeps its counts apart from other brakes'. */
export interface Brake {
  readonly name: string
  readonly most: number
  readonly perS: number
}

/** A brake and what it counts: an account, an address, a client. */
export interface Attempt {
  readonly brake: Brake
  readonly subject: readonly string[]
}

/** An attempt that was let through. `isLast`: it used up the allowance, so that the next one at once is refused. */
export interface Turn {
  readonly isLast: boolean
}

/** An attempt that was not: when, in seconds, the next one will be. */
export interface Braked {
  readonly brake: Brake
  readonly retryAfterS: number
}

/**
 * Counts an attempt, before its outcome is known, so that attempts made at the same moment count as well (a leaky bucket, of which one row
 * holds the level). One statement, committed by itself: an attempt that fails has to stay counted.
 */
export async function takeTurn(db: Database, at: Instant, attempt: Attempt): Promise<Outcome<Turn, Braked>> {
  const { most, perS } = attempt.brake
  const [key, stepMs] = [keyOf(attempt), Math.round((perS * 1000) / most)]
  const [end, far] = [at.plusSeconds(perS), at.plusSeconds(2 * perS)]
  const time = (instant: Instant) => sql`${instant.toString()}::timestamptz`
  // A level far ahead of the clock was written before the clock was turned back, as for another simulated day: it is void.
  const level = sql`case when ${brake.usedUntil} > ${time(far)} then ${time(at)} else greatest(${brake.usedUntil}, ${time(at)}) end`
  const next = sql`(${level}) + make_interval(secs => ${stepMs / 1000})`
  const [taken] = await db
    .insert(brake)
    .values({ key, usedUntil: at.plusMillis(stepMs) })
    .onConflictDoUpdate({ target: brake.key, set: { usedUntil: next }, setWhere: sql`${next} <= ${time(end)}` })
    .returning({ usedUntil: brake.usedUntil })
  if (taken) return success({ isLast: taken.usedUntil.plusMillis(stepMs).isAfter(end) })
  const [full] = await db.select().from(brake).where(eq(brake.key, key))
  const waitMs = full ? full.usedUntil.plusMillis(stepMs).toEpochMilli() - end.toEpochMilli() : 0
  return failure({ brake: attempt.brake, retryAfterS: Math.max(Math.ceil(waitMs / 1000), 1) })
}

/** Takes a turn of each, up to the first that refuses. */
export async function takeTurns(
  db: Database,
  at: Instant,
  attempts: readonly Attempt[],
): Promise<Outcome<null, Braked>> {
  for (const attempt of attempts) {
    const turn = await takeTurn(db, at, attempt)
    if (!turn.ok) return turn
  }
  return success(null)
}

/** Gives turns back, because the attempt succeeded: only failures are to use up an allowance. */
export async function giveBack(db: Database, attempts: readonly Attempt[]): Promise<void> {
  for (const attempt of attempts) {
    const { most, perS } = attempt.brake
    const usedUntil = sql`${brake.usedUntil} - make_interval(secs => ${Math.round((perS * 1000) / most) / 1000})`
    await db
      .update(brake)
      .set({ usedUntil })
      .where(eq(brake.key, keyOf(attempt)))
  }
}

/** Forgets what an attempt's subject has used up. */
export async function release(db: Database, attempt: Attempt): Promise<void> {
  await db.delete(brake).where(eq(brake.key, keyOf(attempt)))
}

/** Removes the rows of allowances that are whole again. */
export async function forgetOldBrakes(db: Database, at: Instant): Promise<void> {
  await db.delete(brake).where(lt(brake.usedUntil, at))
}

function keyOf({ brake, subject }: Attempt): string {
  return digestOf(JSON.stringify([brake.name, ...subject]))
}
