import { LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import { connectionDemandOperations, profileOperations, unitDemandOperations } from '../../../schemas/grid/profiles.ts'
import type { Country } from '../../../schemas/vocabulary/country.ts'
import { type Bound, bind, ownTransaction } from '../../kit/index.ts'
import { countryOf } from '../areas/index.ts'
import { findConnection } from '../connections/index.ts'
import { assess } from '../headroom/index.ts'
import { amendProfile } from './amend-profile.ts'
import { approveProfile } from './approve-profile.ts'
import { demandFile, previewOf } from './demand-schedules.ts'
import { type ConnectionOf, demandVerbs } from './demand-verbs.ts'
import { rejectProfile } from './reject-profile.ts'
import { listVersions, versionOf } from './store.ts'
import { viewVersion } from './views.ts'

export { applyForVersion } from './apply-for-profile.ts'
export { checkExpiry } from './check-expiry.ts'
export { demandFile } from './demand-schedules.ts'
export { listVersions } from './store.ts'

/** Whose bank holidays hold at a connection. @throws ProblemError 404 */
async function countryAt(db: Queryable, connectionId: string): Promise<Country> {
  const found = await findConnection(db, connectionId)
  if (!found) throw new ProblemError('not-found', `There is no connection ${connectionId}.`)
  return countryOf(db, found.licenceArea)
}

/** Profiled connections from application to expiry. */
export const applications = bind(profileOperations, {
  amendProfile,
  approveProfile: ownTransaction(approveProfile),
  rejectProfile,
  listProfiles: ({ db, query: { connectionId, state } }) =>
    listVersions(db, { state, connectionIds: connectionId ? [connectionId] : undefined }),

  async previewProfile({ db, body: { limits, day, connectionId } }) {
    return previewOf(limits, LocalDate.parse(day), connectionId ? await countryAt(db, connectionId) : 'ENG')
  },

  async readProfile({ db, params }) {
    const { row, name } = await versionOf(db, params.id)
    return viewVersion(row, name)
  },

  async assessProfile({ db, at, params }) {
    const { row } = await versionOf(db, params.id)
    return assess(db, at, row.profileId, row.connectionId, row)
  },

  async exportProfile({ db, params }) {
    const { row, name } = await versionOf(db, params.id)
    return { content: demandFile(row.limits), name: `${name} v${row.version}.csv` }
  },
})

const ofConnections = demandVerbs(async (_, id) => id)

/** Demand schedules of connections. */
export const demandSchedules = bind(connectionDemandOperations, {
  readDemandSchedule: ofConnections.read,
  exportDemandSchedule: ofConnections.export,
  applyForProfile: ofConnections.apply,
  uploadDemandSchedule: ofConnections.upload,
})

/** Demand schedules of FUs. @param connectionOf finds the connection of an FU. */
export function unitDemandSchedules(connectionOf: ConnectionOf): Bound<typeof unitDemandOperations> {
  const ofUnits = demandVerbs(connectionOf)
  return bind(unitDemandOperations, {
    readUnitDemandSchedule: ofUnits.read,
    exportUnitDemandSchedule: ofUnits.export,
    applyForUnitProfile: ofUnits.apply,
    uploadUnitDemandSchedule: ofUnits.upload,
  })
}
