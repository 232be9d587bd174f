import type { LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError, problemOf } from '../../../platform/http/index.ts'
import type { liveReadingOperations } from '../../../schemas/dispatch/live-readings.ts'
import { liveReadingSettings } from '../../../schemas/settings/live-readings.ts'
import { brokenField } from '../../../schemas/vocabulary/outcome.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { figuresAt, type Verb } from '../../kit/index.ts'
import { authorisedDays, derIdsOn, findUnit } from '../../market/index.ts'
import { believable, firstRepeat, type GivenReading } from './rules.ts'
import { storeReadings } from './store.ts'

type Send = typeof liveReadingOperations.sendLiveReadings

/**
 * Takes what an FU draws just now. A batch again changes nothing; another value for an instant that has one is refused, whole. There is no
 * audit entry: it is a measurement, comes every few minutes, and decides nothing.
 */
export const sendLiveReadings: Verb<Send> = async ({ db, at, actor, body }) => {
  const { fuId } = body
  if (!(await findUnit(db, fuId, actor.fspId))) throw new ProblemError('not-found', `You have no FU ${fuId}.`)
  const { believed, passedOver } = believable(body.readings, at, await figuresAt(db, liveReadingSettings, at))
  const repeat = firstRepeat(believed)
  if (repeat !== undefined) throw problemOf(brokenField(`readings[${repeat}].at`, 'appears twice in this batch'))
  await checkDays(db, fuId, believed)
  const { stored, differing } = await storeReadings(db, fuId, believed, at)
  if (differing)
    throw new ProblemError('conflict', `readings[${differing.place}]: ${differing.at} has another value already.`)
  return { fuId, stored, unchanged: believed.length - stored, passedOver }
}

/** Refuses readings of a day without authority over the MPANs behind the FU (SEC03), or of a DER that is not in the FU that day. */
async function checkDays(tx: Queryable, fuId: string, readings: readonly GivenReading[]): Promise<void> {
  const authorised = await authorisedDays(tx, [fuId])
  const byDay = Map.groupBy(readings, ({ at }) => tradingDayOf(at).toString())
  for (const [text, ofDay] of byDay) {
    const [first] = ofDay
    if (!first) continue
    const day: LocalDate = tradingDayOf(first.at)
    const message = `is on ${text}, a day without authority over the MPANs behind this FU: apply for it from that day on`
    if (!authorised.on(fuId, day)) throw problemOf(brokenField(`readings[${first.place}].at`, message))
    if (ofDay.every(({ derId }) => derId === null)) continue
    const members = new Set((await derIdsOn(tx, [fuId], day)).get(fuId)?.derIds)
    const foreign = ofDay.find(({ derId }) => derId !== null && !members.has(derId))
    if (foreign) throw problemOf(brokenField(`readings[${foreign.place}].derId`, `is not in this FU on ${text}`))
  }
}
