import { readFile } from 'node:fs/promises'
import type { LocalDate } from '@js-joda/core'
import { z } from 'zod'
import { type DemoAccount, demoAccount } from '../schemas/access/sessions.ts'
import { demoDepotAccount, type NewDepotAccount } from '../schemas/fsp/depot-access.ts'
import { type DepotSeed, type DepotSeeds, depotSeeds } from '../schemas/fsp/depots.ts'
import { type EstateSeed, estateSeed, homeAscKva, type VanUnitSeed, vanUnitSeed } from '../schemas/fsp/homes.ts'
import { networkNode } from '../schemas/grid/connections.ts'
import { customerMonitor } from '../schemas/grid/measurements.ts'
import { type NodeLoadSeed, nodeLoadSeed } from '../schemas/planning/load-seeds.ts'
import { tradingDayOf } from '../schemas/vocabulary/time.ts'
import { clientFinder, saveAccount, saveClient } from '../server/access/index.ts'
import {
  credentialsOf,
  defaultPointMap,
  findConnection,
  readdressHub,
  saveConnection,
  saveHub,
  saveMonitor,
  saveNode,
  saveProfile,
} from '../server/grid/index.ts'
import type { ServerContext } from '../server/kit/index.ts'

async function read<T>(file: string, schema: z.ZodType<T>): Promise<T> {
  return schema.parse(JSON.parse(await readFile(new URL(file, import.meta.url), 'utf8')))
}

/** The nine depots, and their charge-point models. */
export function readDepots(): Promise<DepotSeeds> {
  return read('depots.json', depotSeeds)
}

/** The estates of the homes’ FSP. */
export function readEstates(): Promise<EstateSeed[]> {
  return read('estates.json', z.array(estateSeed))
}

/** The units of homes at which vans charge, of the homes’ FSP too. */
export function readVanUnits(): Promise<VanUnitSeed[]> {
  return read('van-units.json', z.array(vanUnitSeed))
}

/** The usual load of the nodes that the estates are behind, and the load at or below which each is kept. */
export function readNodeLoads(): Promise<NodeLoadSeed[]> {
  return read('load-forecasts.json', z.array(nodeLoadSeed))
}

/** The demo's people with their passwords. They exist only in demo mode. */
export function readPeople(): Promise<DemoAccount[]> {
  return read('people.json', z.array(demoAccount))
}

/** The demo's people of the FSP with their passwords. They exist only in demo mode. */
export function readDepotPeople(): Promise<NewDepotAccount[]> {
  return read('depot-people.json', z.array(demoDepotAccount))
}

/** DNP3 link addresses of the gateway and of every hub; each hub has its own port. */
export const hubAddresses = { localAddress: 1, remoteAddress: 10 } as const

/** A profile applies this many days before and after the day of seeding, so that no demo starts with one about to expire. */
const profileDays = { before: 60, after: 400 }

/** Addresses of the simulated hubs, and the gateway that polls them. */
export interface HubPlaces {
  host: string
  /** Port of each hub by its identifier. */
  ports: ReadonlyMap<string, number>
  gatewayId: string
  integrityPollS: number
  /** Secret of the client of each depot's monitor; without it no monitors are registered. */
  monitorSecretOf?: (depotId: string) => string
}

/** A hub of the seeds, as its simulator needs it. */
export interface SeededHub {
  hubId: string
  depotId: string
  name: string
  feeders: number[]
  restOfNode?: NonNullable<DepotSeed['restOfNode']>
}

/** The hubs of depots: at the depot, or in the substation with a feeder for the rest of it. Some depots have none. */
export function hubsOf(depots: readonly DepotSeed[]): SeededHub[] {
  return depots.flatMap(({ hubId, depotId, name, feeders, restOfNode }) => {
    if (hubId === null) return []
    const rest = restOfNode ? { restOfNode } : {}
    const numbers = [...feeders.map(({ feeder }) => feeder), ...(restOfNode ? [restOfNode.feeder] : [])]
    return [{ hubId, depotId, name, feeders: numbers, ...rest }]
  })
}

const networkSeeds = z.array(networkNode.omit({ reserved: true }))

/** The nodes of the demo. */
export function readNetwork(): Promise<z.infer<typeof networkSeeds>> {
  return read('network.json', networkSeeds)
}

/** Loads the network of the demo. Loading again changes nothing. */
export async function seedNetwork({ db }: ServerContext): Promise<void> {
  for (const node of await readNetwork()) await saveNode(db, node)
}

/**
 * Loads the network, the connections with their profiles and hubs, and the gateway's client. Loading again changes only the hubs'
 * addresses: what people have agreed meanwhile stays.
 */
export async function seedServer(
  context: ServerContext,
  depots: readonly DepotSeed[],
  hubs: HubPlaces,
  gatewaySecret: string,
): Promise<void> {
  const { db, clock } = context
  const today = tradingDayOf(clock.now())
  await seedNetwork(context)
  for (const depot of depots) {
    await seedConnection(context, depot, today)
    await seedHub(context, depot, hubs)
    await seedMonitor(context, depot, hubs)
  }
  await saveClient(db, {
    clientId: hubs.gatewayId,
    kind: 'gateway',
    subjectId: hubs.gatewayId,
    scopes: ['gateway'],
    active: true,
    authentication: { method: 'client_secret_basic', secret: gatewaySecret },
  })
}

async function seedConnection({ db }: ServerContext, depot: DepotSeed, today: LocalDate): Promise<void> {
  if (await findConnection(db, depot.connectionId)) return
  const { connectionId } = depot
  await saveConnection(db, connectionOf(depot))
  await saveProfile(db, {
    connectionId,
    version: 1,
    state: 'approved',
    fallbackLimitW: null,
    limits: depot.profile,
    validFrom: today.minusDays(profileDays.before),
    validTo: today.plusDays(profileDays.after),
  })
}

/** The connection of a seeded site, with its one MPAN. */
function connectionOf(site: DepotSeed | EstateSeed) {
  const { connectionId, name, customer, address, licenceArea, nodeId, ascKva, powerFactor, mpan } = site
  return { connectionId, name, customer, address, licenceArea, nodeId, ascKva, powerFactor, mpans: [mpan] }
}

/** Loads the connections of estates: no hub measures them, and no profile limits them below their ASC. */
export async function seedEstates({ db }: ServerContext, estates: readonly EstateSeed[]): Promise<void> {
  for (const estate of estates) {
    if (!(await findConnection(db, estate.connectionId))) await saveConnection(db, connectionOf(estate))
  }
}

async function seedHub({ db, clock }: ServerContext, depot: DepotSeed, hubs: HubPlaces): Promise<void> {
  const [seeded] = hubsOf([depot])
  if (!seeded) return
  const { connectionId, nodeId, name } = depot
  const { hubId, feeders: numbers } = seeded
  const port = hubs.ports.get(hubId)
  if (port === undefined) throw new Error(`the hub of ${name} has no port`)
  // What people have changed of it meanwhile stays.
  if (await readdressHub(db, hubId, { host: hubs.host, port })) return
  const isAtNode = depot.hubAt === 'substation'
  await saveHub(db, clock.now(), {
    hubId,
    name: isAtNode ? `${name} substation hub` : `${name} hub`,
    connectionId: isAtNode ? null : connectionId,
    nodeId: isAtNode ? nodeId : null,
    host: hubs.host,
    port,
    ...hubAddresses,
    integrityPollS: hubs.integrityPollS,
    gatewayId: hubs.gatewayId,
    feeders: depot.feeders.map(({ feeder, role }) => ({ feeder, role, connectionId })),
    ...(depot.restOfNode ? { pointMap: defaultPointMap(numbers) } : {}),
  })
}

/** Registers the monitor as which the FSP streams the site load of a depot; one that is there stays as it is. */
async function seedMonitor(context: ServerContext, depot: DepotSeed, hubs: HubPlaces): Promise<void> {
  const { monitorId, connectionId, depotId, name } = depot
  if (monitorId === undefined || hubs.monitorSecretOf === undefined) return
  const { db, clock } = context
  const { clientId } = credentialsOf(context, monitorId)
  if (await clientFinder(db, clock)(clientId)) return
  const form = customerMonitor.parse({
    name: `${name} site load of the FSP`,
    feeders: [{ feeder: 1, role: 'building' }],
    phases: 'total',
  })
  const clientSecret = hubs.monitorSecretOf(depotId)
  await saveMonitor(db, clock.now(), form, { hubId: monitorId, connectionId, clientId, clientSecret })
}

/** Loads the connections of homes at which vans charge: no hub measures them, and the DNO knows no more of where they are than their node. */
export async function seedVanHomes({ db }: ServerContext, units: readonly VanUnitSeed[]): Promise<void> {
  for (const { name, customer, licenceArea, nodeId, homes } of units)
    for (const [i, { connectionId, mpan }] of homes.entries()) {
      if (await findConnection(db, connectionId)) continue
      const place = { name: `${name}, home ${i + 1}`, customer, address: name, licenceArea, nodeId }
      await saveConnection(db, { connectionId, ...place, ascKva: homeAscKva, powerFactor: 1, mpans: [mpan] })
    }
}

/** Creates or updates the demo accounts of the DNO’s people. An FSP’s people are created with their FSP, a customer’s with the customer. */
export async function seedPeople({ db }: ServerContext): Promise<void> {
  const own = (await readPeople()).filter(({ roles }) => !roles.includes('fsp-user') && !roles.includes('customer'))
  for (const each of own) await saveAccount(db, each)
}
