import { type Instant, LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../../platform/db/index.ts'
import { ProblemError } from '../../../../platform/http/index.ts'
import { type FspActor, type Person, tenantOf } from '../../../kit/index.ts'
import { authorisedDays, findUnit } from '../../../market/index.ts'
import { type MeteredDay, meteredDays } from './store.ts'

/** The FU of a call if the actor may see it, otherwise a 404: to an FSP, another FSP's FU does not exist (FM40). */
export async function requireUnit(tx: Queryable, actor: Person | FspActor, fuId: string) {
  const unit = await findUnit(tx, fuId, tenantOf(actor))
  if (!unit) throw new ProblemError('not-found', `There is no FU ${fuId}.`)
  return unit
}

/** Who reads metered data: somebody of the DNO or of an FSP, or `null` for the DNO's own settlement. */
export type Reader = Person | FspActor | null

/** Whether a reader may see an FU's metered data of a day. */
export type Sight = (fuId: string, day: LocalDate) => boolean

/** The DNO sees every day; an FSP those on which it holds authority over the MPANs behind the FU (SEC03). */
export async function sightOf(tx: Queryable, reader: Reader, fuIds: readonly string[]): Promise<Sight> {
  if (reader === null || tenantOf(reader) === null) return () => true
  const authorised = await authorisedDays(tx, fuIds)
  return (fuId, day) => authorised.on(fuId, day)
}

/** Metered days as `meteredDays` finds them, as far as a reader may see them. */
export async function meteredDaysFor(
  tx: Queryable,
  reader: Reader,
  fuIds: string[],
  first: LocalDate,
  last: LocalDate,
  asOf?: Instant,
): Promise<Map<string, Map<number, MeteredDay>>> {
  const found = await meteredDays(tx, fuIds, first, last, asOf)
  const sees = await sightOf(tx, reader, fuIds)
  for (const [fuId, days] of found)
    for (const epochDay of days.keys()) if (!sees(fuId, LocalDate.ofEpochDay(epochDay))) days.delete(epochDay)
  return found
}
