import type { Instant } from '@js-joda/core'
import type { ProfileApplication } from '../../schemas/grid/profiles.ts'
import { operations } from '../../schemas/operations.ts'
import { tradingDayOf } from '../../schemas/vocabulary/time.ts'
import { readDepots } from '../../seeds/index.ts'
import { logInAs } from '../system/people.ts'
import type { PortalClient } from '../system/portal-client.ts'
import { publishTender } from './market.ts'

/** When what is applied for would begin, and for how long it would hold, days. */
const [leadDays, heldDays] = [60, 365]

/** What waits for a decision: one application that its substation can carry, and one that it cannot. */
const waiting: readonly { depotId: string; note: string; limits: ProfileApplication['limits'] }[] = [
  {
    depotId: 'victoria',
    note: 'Six more vans from the spring, charged at night.',
    limits: {
      weekday: [
        { from: '00:00', limitW: 90_000 },
        { from: '06:00', limitW: 69_000 },
        { from: '16:00', limitW: 63_000 },
        { from: '22:00', limitW: 90_000 },
      ],
      weekend: [{ from: '00:00', limitW: 90_000 }],
    },
  },
  {
    depotId: 'orpington',
    note: 'Rapid chargers for the whole fleet, used when the vans come back in the evening.',
    limits: {
      weekday: [
        { from: '00:00', limitW: 63_000 },
        { from: '16:00', limitW: 420_000 },
        { from: '21:00', limitW: 63_000 },
      ],
      weekend: [{ from: '00:00', limitW: 65_000 }],
    },
  },
]

/** The tender that stays open: its gate is far enough away to be looked at, and its service begins after it. */
const openTender = {
  title: 'Late winter evenings, Hurst',
  zoneNodeId: 'lpn-hurst',
  window: { from: '17:00', to: '20:00', requiredW: 60_000 },
  gateDays: 14,
  serviceFromDay: 45,
  serviceToDay: 105,
} as const

/**
 * Leaves work on the desks of the demo's people: applications to decide on and an open tender. What has been there once, in whatever state it
 * is now, is not put there again. Returns how much is new.
 */
export async function fillDesks(serverUrl: string, at: Instant): Promise<number> {
  const [planner] = await logInAs(serverUrl, 'planner')
  const [engineer] = await logInAs(serverUrl, 'flexibility-engineer')
  if (!planner || !engineer) throw new Error('the demo needs a planner and a flexibility engineer')
  return (await apply(planner, at)) + (await openTenderOnce(engineer, at))
}

async function apply(planner: PortalClient, at: Instant): Promise<number> {
  const { depots } = await readDepots()
  const from = tradingDayOf(at).plusDays(leadDays)
  const span = { validFrom: from.toString(), validTo: from.plusDays(heldDays).toString() }
  let made = 0
  for (const { depotId, note, limits } of waiting) {
    const connectionId = depots.find((depot) => depot.depotId === depotId)?.connectionId
    if (connectionId === undefined) continue
    const versions = await planner.api.call(operations.listProfiles, { query: { connectionId } })
    if (versions.some((version) => version.note === note)) continue
    const body = { ...span, limits, note, fallbackLimitW: null }
    await planner.api.call(operations.applyForProfile, { params: { id: connectionId }, body })
    made++
  }
  return made
}

async function openTenderOnce(engineer: PortalClient, at: Instant): Promise<number> {
  const { title, zoneNodeId, window, gateDays, serviceFromDay, serviceToDay } = openTender
  const tenders = await engineer.api.all(operations.listTenders, {})
  if (tenders.some((tender) => tender.title === title)) return 0
  const today = tradingDayOf(at)
  const term = {
    validFrom: today.plusDays(serviceFromDay),
    validTo: today.plusDays(serviceToDay),
    gateClosesAt: at.plusSeconds(gateDays * 86_400),
  }
  await publishTender(engineer, term, { title, product: 'A', zoneNodeId, window })
  return 1
}
