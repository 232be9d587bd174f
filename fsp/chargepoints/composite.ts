import { z } from 'zod'
import { answerTimeoutMs, type OcppCaller } from './port.ts'
import { numberIn } from './samples.ts'

const periods = z.object({
  chargingRateUnit: z.string().nullish().catch(null),
  chargingSchedulePeriod: z.array(z.object({ limit: z.unknown() })).min(1),
})
/** OCPP 1.6 has the schedule under one name, 2.0.1 under another. */
const answer = z.object({ chargingSchedule: periods.optional(), schedule: periods.optional() })

/** Asks a charge point what a socket may draw now by all its limits, A; `null`: it does not say. @param socket named as its version does. */
export async function askAllowedA(
  client: OcppCaller,
  socket: { connectorId: number } | { evseId: number },
): Promise<number | null> {
  try {
    const params = { ...socket, duration: 60, chargingRateUnit: 'A' }
    return allowedIn(await client.call('GetCompositeSchedule', params, { callTimeoutMs: answerTimeoutMs }))
  } catch {
    return null
  }
}

/** The limit at the beginning of a composite schedule, A; `null`: there is none in amperes. */
function allowedIn(payload: unknown): number | null {
  const { data } = answer.safeParse(payload)
  const given = data?.chargingSchedule ?? data?.schedule
  return given && given.chargingRateUnit !== 'W' ? numberIn(given.chargingSchedulePeriod[0]?.limit) : null
}
