import { Instant, LocalDate } from '@js-joda/core'
import type { meteringOperations } from '../../../../schemas/settlement/metering.ts'
import { periodStarts } from '../../../../schemas/vocabulary/time.ts'
import type { Verb } from '../../../kit/index.ts'
import { marksAt, sourceAt } from './store.ts'
import { meteredDaysFor, requireUnit } from './units.ts'

/** A metered day as it is known now, or as it was known at an earlier instant (FM17). */
export const readMeteredDay: Verb<typeof meteringOperations.readMeteredDay> = async ({ db, actor, params, query }) => {
  const { id, day } = params
  await requireUnit(db, actor, id)
  const { asOf } = query
  const [date, known] = [LocalDate.parse(day), asOf ? Instant.ofEpochMilli(Date.parse(asOf)) : undefined]
  const found = (await meteredDaysFor(db, actor, [id], date, date, known)).get(id)?.get(date.toEpochDay())
  const periods = periodStarts(date, 'PT15M').map((start, i) => ({
    from: start.toString(),
    energyWh: found?.energyWh[i] ?? null,
    revision: found?.revisions[i] || null,
    source: sourceAt(found, i),
    marks: [...marksAt(found, i)],
  }))
  return { fuId: id, day, asOf: asOf ?? null, periods }
}
