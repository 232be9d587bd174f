import { type Instant, LocalTime } from '@js-joda/core'
import type { VanUnitSeed } from '../../schemas/fsp/homes.ts'
import type { MappedPoint } from '../../schemas/grid/gateway.ts'
import { operations } from '../../schemas/operations.ts'
import { instantOn, tradingDayOf } from '../../schemas/vocabulary/time.ts'
import { logInAs } from '../system/people.ts'
import type { PortalClient } from '../system/portal-client.ts'

/** Two gateways that share the hubs of some substations; the demo runs the first of them. */
const pool = { name: 'substations', gateways: ['gateway-1', 'gateway-2'], leaseS: 60 }
const pooledHubs: readonly string[] = ['Whitechapel substation hub', 'Dartford substation hub']

/** A monitor whose points are not those of the demo's hubs: tenths of volts, hundredths of amperes and tens of watts. */
const model = 'feeder-sense'

/** What a depot's FU does for the system operator, after its evening peak, so many days from now. */
const elsewhere = {
  unitName: 'Islington depot',
  buyer: 'NESO',
  service: 'Demand Flexibility Service',
  reference: 'DFS requirement of this month',
  from: '20:00',
  to: '21:00',
  inDays: [7, 9],
} as const

/** The made-up network of the rehearsals: the depots on either bank of the river. */
const banks = {
  name: 'Either side of the Thames',
  south: ['Dartford depot', 'Bexleyheath depot', 'Orpington depot'] as readonly string[],
  north: ['Islington', 'Whitechapel', 'Premier Park', 'Mount Pleasant', 'Camden', 'Victoria'].map(
    (name) => `${name} depot`,
  ),
  needW: 60_000,
} as const

/**
 * Arranges what a DNO has set up beside its daily work: a pool of gateways, the point map of another model of hub with a change of it that waits
 * for a second person, groups of the connections of homes, a service that an FU gives to others, and a made-up network with a rehearsal.
 * What has been there once is not put there again. FUs must be registered. Returns how much is new.
 */
export async function arrange(serverUrl: string, at: Instant, vanUnits: readonly VanUnitSeed[]): Promise<number> {
  const [operator, second] = await logInAs(serverUrl, 'operator')
  const [engineer] = await logInAs(serverUrl, 'flexibility-engineer')
  if (!operator || !second || !engineer) throw new Error('the demo needs two operators and a flexibility engineer')
  return (
    (await poolOnce(operator)) +
    (await mapOnce(operator, second)) +
    (await groupsOnce(engineer, vanUnits)) +
    (await serviceOnce(engineer, at)) +
    (await rehearsalOnce(engineer, at))
  )
}

async function poolOnce({ api }: PortalClient): Promise<number> {
  const { name, ...form } = pool
  if ((await api.call(operations.listPools, {})).some((each) => each.name === name)) return 0
  await api.call(operations.savePool, { params: { name }, body: form, version: null })
  for (const hub of await api.call(operations.listHubs, {})) {
    if (!pooledHubs.includes(hub.name)) continue
    const params = { id: hub.hubId }
    const { hubId, etag, ...registered } = await api.call(operations.readRegistration, { params })
    const body = { ...registered, gatewayId: null, pool: name }
    await api.call(operations.registerHub, { params, body, version: etag })
  }
  return 1
}

/** Voltage, current and power of the phases of four feeders. @param deadBandW within which a power is not sent again; every one unless stated. */
function pointsOfModel(deadBandW?: number): MappedPoint[] {
  const quantities = [
    { quantity: 'voltage', scale: 0.1 },
    { quantity: 'current', scale: 0.01 },
    { quantity: 'active-power', scale: 10, ...(deadBandW === undefined ? {} : { deadBand: deadBandW }) },
  ] as const
  const places = [1, 2, 3, 4].flatMap((feeder) =>
    (['L1', 'L2', 'L3'] as const).flatMap((phase) => quantities.map((of) => ({ feeder, phase, ...of }))),
  )
  return places.map((place, index) => ({ group: 30, index, ...place }))
}

async function mapOnce({ api }: PortalClient, second: PortalClient): Promise<number> {
  if ((await api.call(operations.listPointMaps, {})).some(({ name }) => name === model)) return 0
  const params = { name: model }
  // An earlier start may have ended between the two.
  const waiting = await second.api.all(operations.listProposals, { query: { state: 'waiting' } })
  const { proposalId, version } =
    waiting.find(({ subject }) => subject.type === 'point-map' && subject.id === model) ??
    (await api.call(operations.savePointMap, { params, body: { points: pointsOfModel() }, version: null }))
  await second.api.call(operations.approveProposal, { params: { id: proposalId }, version, body: {} })
  const { etag } = await api.call(operations.readPointMap, { params })
  await api.call(operations.savePointMap, { params, body: { points: pointsOfModel(50) }, version: etag })
  return 1
}

async function groupsOnce({ api }: PortalClient, vanUnits: readonly VanUnitSeed[]): Promise<number> {
  const known = new Set((await api.all(operations.listConnectionGroups, {})).map(({ name }) => name))
  let made = 0
  for (const { name: unitName, nodeId, homes } of vanUnits) {
    const name = `Homes of ${unitName}`
    if (known.has(name)) continue
    const body = { name, nodeId, mpans: homes.map(({ mpan }) => mpan) }
    await api.call(operations.makeConnectionGroup, { body })
    made++
  }
  return made
}

async function serviceOnce({ api }: PortalClient, at: Instant): Promise<number> {
  const { unitName, from, to, inDays, ...what } = elsewhere
  if ((await api.all(operations.listServicesToOthers, {})).some(({ service }) => service === what.service)) return 0
  const unit = (await api.all(operations.listFlexibleUnits, {})).find(({ name }) => name === unitName)
  if (!unit) return 0
  const times = inDays.flatMap((days) => {
    const day = tradingDayOf(at).plusDays(days)
    const [begins, ends] = [instantOn(day, LocalTime.parse(from)), instantOn(day, LocalTime.parse(to))]
    return begins && ends ? [{ from: begins.toString(), to: ends.toString() }] : []
  })
  await api.call(operations.registerServiceToOthers, { body: { fuId: unit.fuId, ...what, times } })
  return 1
}

async function rehearsalOnce({ api }: PortalClient, at: Instant): Promise<number> {
  const { name, north, south, needW } = banks
  if ((await api.all(operations.listPseudoNetworks, {})).some((each) => each.name === name)) return 0
  const units = await api.all(operations.listFlexibleUnits, {})
  const members = units.flatMap(({ fuId, name: unitName }) => {
    const nodeId = north.includes(unitName) ? 'north' : south.includes(unitName) ? 'south' : null
    return nodeId === null ? [] : [{ fuId, nodeId }]
  })
  if (members.length === 0) return 0
  const nodes = [
    { nodeId: 'all', name: 'All depots', parentId: null },
    { nodeId: 'north', name: 'North of the river', parentId: 'all' },
    { nodeId: 'south', name: 'South of the river', parentId: 'all' },
  ]
  const { pseudoNetworkId } = await api.call(operations.makePseudoNetwork, { body: { name, nodes, members } })
  const tradingDay = tradingDayOf(at).plusDays(1).toString()
  const body = { tradingDay, scenario: 'evening', direction: 'turn-down', needW } as const
  await api.call(operations.rehearse, { params: { id: pseudoNetworkId }, body })
  return 1
}
