import type { LocalDate } from '@js-joda/core'
import type { EstateSeed } from '../../schemas/fsp/homes.ts'
import type { NodeLoadSeed } from '../../schemas/planning/load-seeds.ts'
import type { NewNode } from '../../server/grid/index.ts'
import type { Hub } from './faults.ts'

/** Local times of the hour that every contract covers, and the hour of product C is issued at noon as it is everywhere. */
export const contractedHour = { from: '17:00', to: '18:00' } as const

const place = { licenceArea: 'LPN', easting: 531_000, northing: 184_000 } as const
const rated = (kva: number) => ({ ratingWinterKva: kva, ratingSummerKva: kva })
const loadless = { maxDemandWinterKva: 0, maxDemandSummerKva: 0 }

/** The node that the tender for product A is for. */
export const zone = 'sim-gsp'

/** One GSP, one primary, and two secondaries below it. */
export const nodes: readonly NewNode[] = [
  { nodeId: zone, name: 'Simulated GSP', kind: 'gsp', parentId: null, ...place, ...rated(240_000) },
  { nodeId: 'sim-primary', name: 'Simulated primary', kind: 'primary', parentId: zone, ...place, ...rated(30_000) },
  {
    nodeId: 'sim-north',
    name: 'North',
    kind: 'secondary',
    parentId: 'sim-primary',
    ...place,
    ...rated(800),
    ...loadless,
  },
  {
    nodeId: 'sim-south',
    name: 'South',
    kind: 'secondary',
    parentId: 'sim-primary',
    ...place,
    ...rated(800),
    ...loadless,
  },
]

const estate = (n: number, siteId: string, nodeId: string, product: EstateSeed['product']): EstateSeed => ({
  siteId,
  name: `Estate ${siteId}`,
  customer: `Customer of ${siteId}`,
  address: `${n} Simulated Street`,
  licenceArea: 'LPN',
  mpan: `12000009${String(n).padStart(5, '0')}`,
  connectionId: `5130000${n}-0000-4000-8000-00000000000${n}`,
  nodeId,
  ascKva: 100,
  powerFactor: 1,
  homes: 20,
  heatPumpW: 3_000,
  product,
})

/** What each FSP has: products A and B in the north, A and C in the south. */
export const estatesOf: readonly (readonly EstateSeed[])[] = [
  [estate(1, 'north-a', 'sim-north', 'A'), estate(2, 'north-b', 'sim-north', 'B')],
  [estate(3, 'south-a', 'sim-south', 'A'), estate(4, 'south-c', 'sim-south', 'C')],
]

/** The load that is forecast behind each secondary: above what is to be kept in the contracted hour alone. */
export const loads: readonly NodeLoadSeed[] = ['sim-north', 'sim-south'].map((nodeId) => ({
  nodeId,
  targetW: 300_000,
  load: [
    { from: '00:00', loadW: 200_000 },
    { from: contractedHour.from, loadW: 315_000 },
    { from: contractedHour.to, loadW: 200_000 },
  ],
}))

/** A customer's site with a hub, and without flexible units. */
interface Depot {
  readonly connectionId: string
  readonly name: string
  readonly mpan: string
  readonly nodeId: string
  readonly hub: Hub
  readonly hubId: string
  /** DNP3 link address of the hub. */
  readonly hubAddress: number
}

const depot = (n: 1 | 2, nodeId: string): Depot => ({
  connectionId: `5130000${n}-0000-4000-8000-0000000000d${n}`,
  name: `Depot ${n}`,
  mpan: `13000009${String(n).padStart(5, '0')}`,
  nodeId,
  hub: `hub-${n}`,
  hubId: `5130000${n}-0000-4000-8000-0000000000b${n}`,
  hubAddress: 10 + n,
})

/** A depot at each secondary. */
export const depots: readonly Depot[] = [depot(1, 'sim-north'), depot(2, 'sim-south')]

/** The last day of everything that is agreed with depots on a day or the one after: what replaces another covers all that it covered. */
export function lastDayOf(day: LocalDate): LocalDate {
  return day.withDayOfMonth(1).plusMonths(3)
}

/** The one feeder of each depot. */
export const feeder = 1

/** How often hubs are read whole, s; what has changed is asked for half-way between. */
export const integrityPollS = 120

/** As whom the gateway asks the server for tokens. */
export const gatewayClient = { clientId: 'sim-gateway', clientSecret: 'the secret of the simulated gateway' }

/** Somebody of an FSP, by its place from 0, at the DNO's portal. */
export function userOf(n: number): { username: string; password: string; fullName: string } {
  return {
    username: `fsp-user-${n + 1}`,
    password: `the portal password of FSP ${n + 1}`,
    fullName: `User of FSP ${n + 1}`,
  }
}
