import { randomUUID } from 'node:crypto'
import { type Instant, LocalDate } from '@js-joda/core'
import type { Database } from '../../../../platform/db/index.ts'
import type { ProfileLimits } from '../../../../schemas/grid/profiles.ts'
import { type NewHub, saveConnection, saveHub, saveNode, saveProfile } from '../../index.ts'

/** 170 kW by day and 100 kW from 16:00 to 20:00 on weekdays; 200 kW at weekends. */
export const eveningLimits: ProfileLimits = {
  weekday: [
    { from: '00:00', limitW: 170_000 },
    { from: '16:00', limitW: 100_000 },
    { from: '20:00', limitW: 170_000 },
  ],
  weekend: [{ from: '00:00', limitW: 200_000 }],
}

export interface TestSite {
  connectionId: string
  hubId: string
  gatewayId: string
  mpan: string
  /** All of its MPANs, `mpan` first. */
  mpans: string[]
}

let made = 0

/** GSP → primary → secondary, with no load but that of connections; where `testSite` puts its connections. */
export async function saveTestNetwork(db: Database): Promise<void> {
  const common = { licenceArea: 'LPN', easting: 531_000, northing: 184_000 } as const
  const ratings = (kva: number) => ({ ratingWinterKva: kva, ratingSummerKva: kva * 0.9 })
  await saveNode(db, { nodeId: 'gsp', name: 'City Road', kind: 'gsp', parentId: null, ...common, ...ratings(240_000) })
  await saveNode(db, {
    nodeId: 'pri',
    name: 'Islington',
    kind: 'primary',
    parentId: 'gsp',
    ...common,
    ...ratings(30_000),
  })
  await saveNode(db, {
    nodeId: 'sec',
    name: 'Almeida St',
    kind: 'secondary',
    parentId: 'pri',
    ...common,
    ...ratings(800),
    maxDemandWinterKva: 0,
    maxDemandSummerKva: 0,
  })
}

/** A connection with one building and two EV feeders, a hub on `gatewayId`, a profile for all of 2026, and one MPAN or `mpans`. */
export async function saveTestSite(
  db: Database,
  at: Instant,
  given: { gatewayId?: string; name?: string; mpans?: number; exportKva?: number; hub?: Partial<NewHub> } = {},
): Promise<TestSite> {
  const [connectionId, hubId, number] = [randomUUID(), randomUUID(), ++made]
  const { gatewayId = 'gateway-1', name = `Depot ${number}` } = given
  const mpans = Array.from({ length: given.mpans ?? 1 }, (_, i) => `12${i}00000${String(number).padStart(5, '0')}`)
  const [mpan = ''] = mpans
  await saveConnection(db, {
    connectionId,
    name,
    customer: 'Royal Mail',
    address: 'Almeida Street',
    licenceArea: 'LPN',
    nodeId: 'sec',
    ascKva: 240,
    exportKva: given.exportKva ?? null,
    powerFactor: 0.95,
    mpans,
  })
  await saveProfile(db, {
    connectionId,
    version: 1,
    state: 'approved',
    fallbackLimitW: 120_000,
    limits: eveningLimits,
    validFrom: LocalDate.parse('2026-01-01'),
    validTo: LocalDate.parse('2026-12-31'),
  })
  await saveHub(db, at, {
    hubId,
    name: `${name} hub`,
    connectionId,
    nodeId: null,
    host: '127.0.0.1',
    port: 20_000 + number,
    localAddress: 1,
    remoteAddress: 10,
    integrityPollS: 60,
    gatewayId,
    feeders: [
      { feeder: 1, role: 'building', connectionId },
      { feeder: 2, role: 'ev', connectionId },
      { feeder: 3, role: 'ev', connectionId },
    ],
    ...given.hub,
  })
  return { connectionId, hubId, gatewayId, mpan, mpans }
}
