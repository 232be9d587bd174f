import type { Instant } from '@js-joda/core'
import { lt } from 'drizzle-orm'
import { index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { instant, type Queryable } from '../db/index.ts'

/** Slots of periodic jobs that a server has taken, so that of several servers one runs each. */
export const jobSlot = pgTable('job_slot', { name: text().notNull(), slot: instant().notNull() }, (t) => [
  primaryKey({ columns: [t.name, t.slot] }),
  index('job_slot_age').on(t.slot),
])

/** Takes the slot of a job that falls due at `slot`; `false` when another server has it. A slot lost to a crash is not run again. */
export async function claimSlot(db: Queryable, name: string, slot: Instant): Promise<boolean> {
  const taken = await db.insert(jobSlot).values({ name, slot }).onConflictDoNothing().returning({ name: jobSlot.name })
  return taken.length > 0
}

/** Forgets slots that nobody can claim again. */
export async function forgetSlots(db: Queryable, before: Instant): Promise<void> {
  await db.delete(jobSlot).where(lt(jobSlot.slot, before))
}
