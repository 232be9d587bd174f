import { z } from 'zod'
import { numberIn } from './samples.ts'

const periods = z.object({
  chargingRateUnit: z.string().nullish().catch(null),
  chargingSchedulePeriod: z.array(z.object({ limit: z.unknown() })).min(1),
})
/** OCPP 1.6 has the schedule under one name, 2.0.1 under another. */
const answer = z.object({ chargingSchedule: periods.optional(), schedule: periods.optional() })

/** The limit at the beginning of a composite schedule, A; `null`: there is none in amperes. */
export function allowedIn(payload: unknown): number | null {
  const { data } = answer.safeParse(payload)
  const given = data?.chargingSchedule ?? data?.schedule
  return given && given.chargingRateUnit !== 'W' ? numberIn(given.chargingSchedulePeriod[0]?.limit) : null
}
