import { Instant } from '@js-joda/core'
import { lte } from 'drizzle-orm'
import { ProblemError, problemOf } from '../../../platform/http/index.ts'
import type { alarmOperations } from '../../../schemas/grid/alarms.ts'
import { brokenField } from '../../../schemas/vocabulary/outcome.ts'
import { momentInWords } from '../../../schemas/vocabulary/time.ts'
import { nameOf, type ServerContext, type Verb } from '../../kit/index.ts'
import { handle } from './handle.ts'
import { record, system } from './journal.ts'
import { offShelf } from './rules.ts'
import { alarm } from './tables.ts'

/** The longest time on the shelf: an alarm that is out of sight for weeks is forgotten. */
const longestShelfS = 7 * 86_400

/** Shelves an alarm until a time, with a reason. Its state still changes meanwhile, and it returns by itself. */
export const shelveAlarm: Verb<typeof alarmOperations.shelveAlarm> = (call) => {
  const { at, actor, body } = call
  return handle(call, (row) => {
    const until = Instant.ofEpochMilli(Date.parse(body.until))
    if (!until.isAfter(at) || until.isAfter(at.plusSeconds(longestShelfS)))
      throw problemOf(brokenField('until', `must be within the next ${longestShelfS / 86_400} days`))
    if (row.state === 'closed')
      throw new ProblemError('conflict', 'The alarm is closed: only an open alarm can be shelved.')
    const change = { shelvedUntil: until, shelvedBy: nameOf(actor), shelfReason: body.reason }
    return { event: 'shelved', change, detail: `until ${momentInWords(until)}: ${body.reason}` }
  })
}

/** Unshelves an alarm before its time. */
export const unshelveAlarm: Verb<typeof alarmOperations.unshelveAlarm> = (call) =>
  handle(call, (row) => (row.shelvedUntil ? { event: 'unshelved', change: offShelf, detail: 'before its time' } : null))

/** Unshelves the alarms whose time on the shelf is over. */
export async function endShelving(context: ServerContext, at: Instant): Promise<void> {
  const back = await context.db.transaction(async (tx) => {
    const rows = await tx.update(alarm).set(offShelf).where(lte(alarm.shelvedUntil, at)).returning()
    for (const row of rows) await record(tx, at, row, 'unshelved', { actor: system, detail: 'its time is over' })
    return rows.length
  })
  if (back > 0) context.announce('alarms')
}
