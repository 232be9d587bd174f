import type { Instant, LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { dayEnd } from '../../../schemas/vocabulary/time.ts'
import { authorisedDays } from '../authorities/index.ts'
import { membersBetween, type RegisteredUnit, serviceHistory } from '../parties/index.ts'
import type { SchedulableUnit } from './rules.ts'

/** What bounds the schedules of FUs on some days: authority, the DERs of each day, and service. */
export async function schedulableUnits(
  tx: Queryable,
  units: readonly (RegisteredUnit & { fuId: string })[],
  { first, last }: { first: LocalDate; last: LocalDate },
): Promise<Map<string, SchedulableUnit>> {
  const fuIds = units.map((unit) => unit.fuId)
  const authorised = await authorisedDays(tx, fuIds)
  const members = await membersBetween(tx, fuIds, first, last)
  const service = await serviceHistory(tx, fuIds, dayEnd(last), authorised)
  return new Map(
    units.map(({ fuId, name, maxTurnDownW, maxTurnUpW }): [string, SchedulableUnit] => [
      fuId,
      {
        name,
        maxTurnDownW,
        maxTurnUpW,
        isAuthorisedOn: (day) => authorised.on(fuId, day),
        ratedOnW: (day) => members.on(fuId, day).ratedW,
        isInServiceAt: (at: Instant) =>
          service.get(fuId)?.findLast(({ effectiveFrom }) => !effectiveFrom.isAfter(at))?.inService ?? true,
      },
    ]),
  )
}
