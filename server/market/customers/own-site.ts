import type { ProfileVersion } from '../../../schemas/grid/profiles.ts'
import type { customerSiteOperations, OwnVersion } from '../../../schemas/market/customers.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { applyForVersion, breachesOf, listVersions } from '../../grid/index.ts'
import type { Verb } from '../../kit/index.ts'
import { limitsOfRun, noteApplication } from '../../planning/index.ts'
import { fspsAtConnections, namesOfFsps } from '../parties/index.ts'
import { consentsOf } from './consents.ts'
import { noSite, requireOwnSite, viewSites } from './sites.ts'

const listedBreaches = 50

/** An own site with its applications and what became of them, its breaches and consents, and the FSPs at it. */
export const readOwnSite: Verb<typeof customerSiteOperations.readOwnSite> = async ({
  db,
  at,
  actor,
  params: { id },
}) => {
  await requireOwnSite(db, actor.customerId, id)
  const [site] = await viewSites(db, at, [id])
  if (!site) throw noSite(id)
  const versions = await listVersions(db, { connectionId: id })
  const breaches = await breachesOf(db, id, listedBreaches)
  const fspIds = (await fspsAtConnections(db, tradingDayOf(at), [id])).get(id) ?? []
  return {
    ...site,
    versions: versions.map(viewOwnVersion),
    breaches: breaches.map(({ fuId: _, connectionName: __, ...breach }) => breach),
    consents: (await consentsOf(db, at, { customerId: actor.customerId })).filter((one) => one.connectionId === id),
    fsps: await namesOfFsps(db, [...fspIds]),
  }
}

/** Applies for a version at an own site. A planner decides on it, as on any other. */
export const applyForOwnProfile: Verb<typeof customerSiteOperations.applyForOwnProfile> = async (call) => {
  const { db, at, id: profileId, actor, params, body } = call
  await requireOwnSite(db, actor.customerId, params.id)
  const given = { at, actor, profileId, connectionId: params.id, source: 'customer' as const, application: body }
  return viewOwnVersion(await applyForVersion(db, given, (record) => call.audit(record)))
}

/** Applies with the load of a plan as the limits, which are assessed and decided on as any others. */
export const applyByPlan: Verb<typeof customerSiteOperations.applyByPlan> = async (call) => {
  const { db, at, id: profileId, actor, params, body } = call
  const { runId, marginPercent, note, ...terms } = body
  await requireOwnSite(db, actor.customerId, params.id)
  const plan = await limitsOfRun(db, actor.customerId, runId, marginPercent)
  const application = { ...terms, limits: plan.limits, note: [note, plan.note].filter(Boolean).join(' ') }
  const given = { at, actor, profileId, connectionId: params.id, source: 'site-planning' as const, application }
  const version = await applyForVersion(db, given, (record) => call.audit(record))
  await noteApplication(db, runId, profileId)
  return viewOwnVersion(version)
}

/** A version without the names of people of the DNO and what they assumed. */
function viewOwnVersion(version: ProfileVersion): OwnVersion {
  const { profileId, state, validFrom, validTo, fallbackLimitW, limits, note, appliedAt, decidedAt, reason } = version
  const dates = { validFrom, validTo, appliedAt, decidedAt }
  return { profileId, version: version.version, state, ...dates, fallbackLimitW, limits, note, reason }
}
