import { Instant, LocalDate } from '@js-joda/core'
import type { baselineOperations } from '../../../schemas/settlement/baselines.ts'
import { periodStarts } from '../../../schemas/vocabulary/time.ts'
import type { Verb } from '../../kit/index.ts'
import { requireUnit } from '../metering/days/index.ts'
import { readHistories } from './read-histories.ts'

/** The baseline of an FU on a day by one method, from the meter data known now or at an earlier instant. */
export const readBaseline: Verb<typeof baselineOperations.readBaseline> = async ({ db, actor, params, query }) => {
  const { id } = params
  await requireUnit(db, actor, id)
  const { method, asOf } = query
  const day = LocalDate.parse(query.day)
  const options = {
    reader: actor,
    withNominations: method === 'nominated',
    ...(asOf ? { asOf: Instant.ofEpochMilli(Date.parse(asOf)) } : {}),
  }
  const found = (await readHistories(db, [id], day, day, options)).get(id)?.baseline(method, day)
  const periods = periodStarts(day, 'PT15M').map((start) => ({
    from: start.toString(),
    to: start.plusSeconds(900).toString(),
    energyWh: found?.energyWh.get(start.toEpochMilli()) ?? null,
  }))
  return { fuId: id, tradingDay: query.day, method, days: (found?.days ?? []).map(String), periods }
}
