import type { Instant } from '@js-joda/core'
import { and, eq, exists, gt, gte, lt } from 'drizzle-orm'
import { index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { instant, type Queryable } from '../db/index.ts'

/** Slots of periodic jobs that a server has taken, so that of several servers one runs each. */
export const jobSlot = pgTable('job_slot', { name: text().notNull(), slot: instant().notNull() }, (t) => [
  primaryKey({ columns: [t.name, t.slot] }),
  index('job_slot_age').on(t.slot),
])

/** A slot this far ahead of one that falls due, min, was taken by a clock that has been set back since. No run is as late, no two servers as far apart. */
const setBackMinutes = 15

/**
 * Takes the slot of a job that falls due at `slot`; `false` when another server has it. A slot lost to a crash is not run again. After the clock was
 * set back (FM39) the slots that come again are free again: else what looks after alarms would stand still until the time that it was before.
 */
export async function claimSlot(db: Queryable, name: string, slot: Instant): Promise<boolean> {
  const ahead = db
    .select({ slot: jobSlot.slot })
    .from(jobSlot)
    .where(and(eq(jobSlot.name, name), gt(jobSlot.slot, slot.plusSeconds(setBackMinutes * 60))))
  await db.delete(jobSlot).where(and(eq(jobSlot.name, name), gte(jobSlot.slot, slot), exists(ahead)))
  const taken = await db.insert(jobSlot).values({ name, slot }).onConflictDoNothing().returning({ name: jobSlot.name })
  return taken.length > 0
}

/** Forgets slots that nobody can claim again. */
export async function forgetSlots(db: Queryable, before: Instant): Promise<void> {
  await db.delete(jobSlot).where(lt(jobSlot.slot, before))
}
