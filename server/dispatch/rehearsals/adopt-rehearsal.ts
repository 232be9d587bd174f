import { eq } from 'drizzle-orm'
import { ProblemError } from '../../../platform/http/index.ts'
import type { rehearsalOperations } from '../../../schemas/dispatch/rehearsals.ts'
import { momentInWords, periodStarts } from '../../../schemas/vocabulary/time.ts'
import { signOf } from '../../../schemas/vocabulary/units.ts'
import { nameOf, type Verb } from '../../kit/index.ts'
import { currentSchedules, storeManualSchedule } from '../schedules/index.ts'
import { viewRehearsal } from './store.ts'
import { rehearsal } from './tables.ts'

/**
 * Turns the choices of a rehearsal into the manual schedules of its FUs, all of them or none. As with any manual schedule, they are sent
 * only if someone selects them, and as far as the FU is contracted.
 */
export const adoptRehearsal: Verb<typeof rehearsalOperations.adoptRehearsal> = async (call) => {
  const { db, at, actor, params, announce } = call
  const [row] = await db.select().from(rehearsal).where(eq(rehearsal.rehearsalId, params.id)).for('update')
  if (!row) throw new ProblemError('not-found', `There is no rehearsal ${params.id}.`)
  if (row.adoptedAt)
    throw new ProblemError('conflict', `${row.adoptedBy} already adopted it at ${momentInWords(row.adoptedAt)}.`)
  const day = row.tradingDay
  const fuIds = row.units.map((unit) => unit.fuId)
  const current = await currentSchedules(db, day, fuIds)
  for (const { fuId, periods } of row.units) {
    const chosen = new Map(periods.map((period) => [period.from, signOf(row.direction) * period.turnDownW]))
    const values = periodStarts(day, 'PT15M').map((from) => chosen.get(from.toString()) || null)
    const seen = current.find((schedule) => schedule.fuId === fuId && schedule.kind === 'manual')
    const version = seen ? String(seen.version) : null
    await storeManualSchedule(db, at, actor, { fuId, day }, version, { resolution: 'PT15M', values })
  }
  const adopted = { adoptedAt: at, adoptedBy: nameOf(actor) }
  await db.update(rehearsal).set(adopted).where(eq(rehearsal.rehearsalId, params.id))
  announce('dispatch')
  return viewRehearsal({ ...row, ...adopted })
}
