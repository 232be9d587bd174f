import { sql } from 'drizzle-orm'
import { ProblemError } from '../../../platform/http/index.ts'
import type { standingOperations } from '../../../schemas/grid/connections.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import type { Verb } from '../../kit/index.ts'
import { findConnection, profileOn } from '../connections/index.ts'
import { pathOf } from '../network/index.ts'
import { summaries } from './summaries.ts'

/** A connection with its profile, node path and FUs. */
export const readConnection: Verb<typeof standingOperations.readConnection> = async ({ db, at, params: { id } }) => {
  const [summary] = await summaries(db, at, sql`c.connection_id = ${id}::uuid`)
  const stored = await findConnection(db, id)
  if (!summary || !stored) throw new ProblemError('not-found', `There is no connection ${id}.`)
  const profile = await profileOn(db, id, tradingDayOf(at))
  // FUs belong to the market wing, which depends on this one: read them from its tables to avoid an import circle.
  const units = await db.execute<{ fu_id: string }>(
    sql`
      select fu_id from flexible_unit
      where connection_id = ${id}::uuid or fu_id in (
        select m.fu_id from unit_member m where m.connection_id = ${id}::uuid and m.days @> ${tradingDayOf(at).toString()}::date
      )
      order by name`,
  )
  return {
    ...summary,
    address: stored.address,
    customer: stored.customer,
    nodePath: await pathOf(db, stored.nodeId),
    profile: profile && {
      profileId: profile.profileId,
      version: profile.version,
      state: profile.state,
      validFrom: profile.validFrom.toString(),
      validTo: profile.validTo.toString(),
      fallbackLimitW: profile.fallbackLimitW,
    },
    fuIds: units.map((unit) => unit.fu_id),
  }
}
