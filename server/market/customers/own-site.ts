import type { Breach } from '../../../schemas/grid/connections.ts'
import type { ProfileVersion } from '../../../schemas/grid/profiles.ts'
import type { customerSiteOperations, OwnVersion } from '../../../schemas/market/customers.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { applyForVersion, breachesOf, connectionHistory, listVersions, readDay } from '../../grid/index.ts'
import type { Verb } from '../../kit/index.ts'
import { limitsOfRun, noteApplication } from '../../planning/index.ts'
import { fspsAtConnections, namesOfFsps } from '../parties/index.ts'
import { consentsOf } from './consents.ts'
import { noSite, requireOwnSite, siteIdsOf, viewSites } from './sites.ts'

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
  const versions = await listVersions(db, { connectionIds: [id] })
  const breaches = await breachesOf(db, id, listedBreaches)
  const fspIds = (await fspsAtConnections(db, tradingDayOf(at), [id])).get(id) ?? []
  return {
    ...site,
    versions: versions.map(viewOwnVersion),
    breaches: breaches.map(viewOwnBreach),
    consents: (await consentsOf(db, at, { customerId: actor.customerId })).filter((one) => one.connectionId === id),
    fsps: await namesOfFsps(db, [...fspIds]),
  }
}

/** What was applied for at all own sites, and what became of it. */
export const listOwnApplications: Verb<typeof customerSiteOperations.listOwnApplications> = async ({ db, actor }) => {
  const connectionIds = await siteIdsOf(db, actor.customerId)
  const versions = await listVersions(db, { connectionIds })
  return versions.map((version) => {
    const { connectionId, connectionName } = version
    return { ...viewOwnVersion(version), connectionId, connectionName }
  })
}

/** A day of an own site. */
export const readOwnSiteDay: Verb<typeof customerSiteOperations.readOwnSiteDay> = async (call) => {
  const { db, at, actor, params, query } = call
  await requireOwnSite(db, actor.customerId, params.id)
  const { breaches, ...day } = await readDay(db, params.id, query.day, at)
  return { ...day, breaches: breaches.map(viewOwnBreach) }
}

/** How long an own site was in which state. */
export const readOwnSiteCompliance: Verb<typeof customerSiteOperations.readOwnSiteCompliance> = async (call) => {
  const { db, actor, params, query } = call
  await requireOwnSite(db, actor.customerId, params.id)
  return connectionHistory(db, params.id, query)
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

/** A breach without the FU that it was of, which is its FSP's business. */
function viewOwnBreach({ fuId: _, connectionName: __, ...breach }: Breach) {
  return breach
}

/** A version without the names of people of the DNO and what they assumed. */
function viewOwnVersion(version: ProfileVersion): OwnVersion {
  const { profileId, state, validFrom, validTo, fallbackLimitW, limits, note, appliedAt, decidedAt, reason } = version
  const dates = { validFrom, validTo, appliedAt, decidedAt }
  return { profileId, version: version.version, state, ...dates, fallbackLimitW, limits, note, reason }
}
