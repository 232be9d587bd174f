import type { Instant } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { directionOf, type submissionOperations } from '../../../schemas/market/submissions.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { nameOf, tenantOf, type Verb } from '../../kit/index.ts'
import { listFlexibleUnits } from '../parties/index.ts'
import { readSchedules, refuseFile, type UploadedSchedule } from './csv.ts'
import { closingsOf } from './gates.ts'
import { assessFile, type FileCircumstances, keyOf } from './rules.ts'
import { currentSubmissions } from './store.ts'
import { submittedSchedule } from './tables.ts'
import { schedulableUnits } from './units.ts'

/** Rows that one statement stores. */
const batchSize = 2_000

/** Accepts a file of schedules as a whole, or refuses it with every reason by line (FM29). */
export const uploadSchedules: Verb<typeof submissionOperations.uploadSchedules> = async (call) => {
  const { at, actor } = call
  const fspId = tenantOf(actor)
  const uploaded = await readSchedules(call.body, call.query.zone)
  return call.transaction(async (tx) => {
    const { flaws, taken } = assessFile(uploaded, await circumstances(tx, at, fspId, uploaded))
    if (flaws.length > 0) refuseFile(flaws)
    const submittedBy = nameOf(actor)
    const rows = taken.map(({ fuId, day, submission }) => {
      const { start: _, ...given } = submission
      return {
        fuId,
        tradingDay: day,
        ...given,
        direction: directionOf(submission),
        submittedAt: at,
        submittedBy,
      }
    })
    for (let i = 0; i < rows.length; i += batchSize)
      await tx.insert(submittedSchedule).values(rows.slice(i, i + batchSize))
    const detail = { accepted: rows.length, unchanged: uploaded.length - rows.length }
    call.audit({ action: 'schedules.uploaded', subject: { type: 'fsp', id: fspId ?? 'dno' }, detail })
    return detail
  })
}

async function circumstances(
  tx: Queryable,
  now: Instant,
  fspId: string | null,
  uploaded: readonly UploadedSchedule[],
): Promise<FileCircumstances> {
  const fuIds = [...new Set(uploaded.map((u) => u.fuId))].sort()
  const units = await listFlexibleUnits(tx, now, { fspId, fuIds })
  const days = [...new Map(uploaded.map((u) => [u.day.toString(), u.day])).values()].sort((a, b) => a.compareTo(b))
  const span = { first: days[0] ?? tradingDayOf(now), last: days.at(-1) ?? tradingDayOf(now) }
  const accepted: FileCircumstances['accepted'] = new Map()
  for (const day of days)
    for (const row of await currentSubmissions(tx, day, { fuIds })) accepted.set(keyOf({ ...row, day }), row)
  return {
    now,
    units: await schedulableUnits(tx, units, span),
    whose: fspId === null ? '' : ' of yours',
    accepted,
    closings: await closingsOf(tx, now, fuIds, span),
  }
}
