import { LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError, problemOf } from '../../../platform/http/index.ts'
import type { connectionDemandOperations as operations, ProfileVersion } from '../../../schemas/grid/profiles.ts'
import { brokenField } from '../../../schemas/vocabulary/outcome.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import type { Call } from '../../kit/index.ts'
import { type ProfileRecord, profileOn } from '../connections/index.ts'
import { applyForVersion } from './apply-for-profile.ts'
import { demandFile, demandOf } from './demand-schedules.ts'
import { findVersion, versionOf } from './store.ts'
import { viewVersion } from './views.ts'

/** Finds the connection of the resource whose demand schedule is requested; rejects with a 404 if the resource does not exist. */
export type ConnectionOf = (db: Queryable, id: string) => Promise<string>

// Members of a call that the operations of connections and of FUs share.
type Lookup = Pick<Call<typeof operations.readDemandSchedule>, 'db' | 'at' | 'params' | 'query'>
type Application = Pick<
  Call<typeof operations.applyForProfile>,
  'db' | 'at' | 'id' | 'actor' | 'params' | 'body' | 'audit'
>
type Upload = Pick<
  Call<typeof operations.uploadDemandSchedule>,
  'at' | 'id' | 'actor' | 'params' | 'query' | 'body' | 'audit' | 'transaction'
>

/** Demand schedules: read, amended and uploaded (NM04, NM05). Every change is a new version, which somebody else approves. */
export function demandVerbs(connectionOf: ConnectionOf) {
  const inForce = async ({ db, at, params, query }: Lookup): Promise<ProfileRecord> => {
    const day = query.day ? LocalDate.parse(query.day) : tradingDayOf(at)
    const found = await profileOn(db, await connectionOf(db, params.id), day)
    if (!found) throw new ProblemError('not-found', `This connection has no profile in force on ${day} or earlier.`)
    return found
  }
  return {
    async read(call: Lookup): Promise<ProfileVersion> {
      const { row, name } = await versionOf(call.db, (await inForce(call)).profileId)
      return viewVersion(row, name)
    },

    async export(call: Lookup): Promise<{ content: string; name: string }> {
      const { limits, version } = await inForce(call)
      return { content: demandFile(limits), name: `demand schedule v${version}.csv` }
    },

    async apply({ db, at, id, actor, params, body, audit }: Application): Promise<ProfileVersion> {
      const connectionId = await connectionOf(db, params.id)
      const given = { at, actor, profileId: id, connectionId, source: 'portal' as const, application: body }
      return applyForVersion(db, given, audit)
    },

    upload: (call: Upload): Promise<ProfileVersion> => uploadSchedule(call, connectionOf),
  }
}

/** Accepts a file. A repeated upload with the same key, after a cut-off, returns the version that the first one created. */
async function uploadSchedule(
  { at, id, actor, params, query, body, audit, transaction }: Upload,
  connectionOf: ConnectionOf,
): Promise<ProfileVersion> {
  const { validFrom, validTo, fallbackLimitW = null } = query
  if (validFrom > validTo) throw problemOf(brokenField('validTo', 'must not be before validFrom'))
  const limits = await demandOf(body)
  const application = { validFrom, validTo, fallbackLimitW, limits, note: 'Uploaded as a file' }
  return transaction(async (tx) => {
    const made = await findVersion(tx, id)
    if (made) return viewVersion(made.row, made.name)
    const connectionId = await connectionOf(tx, params.id)
    return applyForVersion(tx, { at, actor, profileId: id, connectionId, source: 'csv', application }, audit)
  })
}
