import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { operations } from '../../schemas/operations.ts'
import { hubsOf, readDepots, readVanUnits, seedPeople, seedServer, seedVanHomes } from '../../seeds/index.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import { giveAuthority, registerFsp, registerUnit, silentControl } from '../../test/support/market.ts'
import { startTestServer } from '../../test/support/server.ts'
import { logInAs } from '../system/people.ts'
import { arrange } from './arrangements.ts'

const gatewayId = 'gateway-1'
const secret = 'a secret of the gateway'

test('a pool, a point map, groups of homes, a service to others and a rehearsal are there once, and what people change of them stays', async () => {
  const { url } = await createTestDatabase('server')
  const clock = new SimulatedClock(Instant.parse('2026-01-15T12:00:00Z'))
  const server = await startTestServer(url, clock)
  const { depots } = await readDepots()
  const [vans] = await readVanUnits()
  if (!vans) throw new Error('the seeds have no vans at homes')
  const units = [{ ...vans, homes: vans.homes.slice(0, 5) }]
  const ports = new Map(hubsOf(depots).map(({ hubId }, i) => [hubId, 20_000 + i]))
  const places = { host: '127.0.0.1', ports, gatewayId, integrityPollS: 60 }
  await seedServer(server.context, depots, places, secret)
  await seedVanHomes(server.context, units)
  await seedPeople(server.context)
  const engineer = await server.person('eva', 'flexibility-engineer')
  const { client: fsp } = await registerFsp(server, engineer, 'Depots Ltd', silentControl)
  const named = depots.filter(({ name }) => name === 'Islington' || name === 'Dartford')
  const mpans = named.map(({ mpan }) => mpan)
  await giveAuthority(engineer, fsp, mpans)
  for (const { name, mpan } of named) await registerUnit(fsp, `${name} depot`, mpan)
  const arranged = () => arrange(server.portUrl, clock.now(), units)
  expect(await arranged()).toBe(5)
  expect(await arranged()).toBe(0)

  const [operator] = await logInAs(server.portUrl, 'operator')
  if (!operator) throw new Error('there is no operator')
  const { api } = operator
  // The gateway of the demo takes the pool's hubs when it asks for them.
  const gateway = await server.tokenClient(gatewayId, secret, 'gateway')
  const { body: polled } = await gateway.ask(operations.readAssignment, {})
  expect(polled.hubs).toHaveLength(hubsOf(depots).length)
  expect(await api.call(operations.listPools, {})).toMatchObject([
    {
      name: 'substations',
      gateways: [
        { gatewayId, hubs: 2 },
        { gatewayId: 'gateway-2', hubs: 0 },
      ],
    },
  ])
  expect(await api.call(operations.listPointMaps, {})).toMatchObject([{ name: 'feeder-sense', points: { length: 36 } }])
  expect(await api.all(operations.listProposals, { query: { state: 'waiting' } })).toMatchObject([
    { subject: { type: 'point-map', id: 'feeder-sense' } },
  ])
  expect(await api.all(operations.listConnectionGroups, {})).toMatchObject([
    { name: 'Homes of Highbury vans', connections: 5 },
  ])
  expect(await api.all(operations.listServicesToOthers, {})).toMatchObject([
    { buyer: 'NESO', from: '2026-01-24T20:00:00Z', to: '2026-01-24T21:00:00Z', conflicts: [] },
    { buyer: 'NESO', from: '2026-01-22T20:00:00Z', to: '2026-01-22T21:00:00Z', conflicts: [] },
  ])
  const [network] = await api.all(operations.listPseudoNetworks, {})
  expect(network?.members.map(({ nodeId }) => nodeId).toSorted()).toEqual(['north', 'south'])
  const [rehearsal] = await api.all(operations.listRehearsals, { params: { id: network?.pseudoNetworkId ?? '' } })
  expect(rehearsal).toMatchObject({ tradingDay: '2026-01-16', scenario: 'evening', needW: 60_000 })
  expect(rehearsal?.units).toHaveLength(2)

  const later = new Map([...ports].map(([hubId, port]) => [hubId, port + 1_000]))
  await seedServer(server.context, depots, { ...places, ports: later }, secret)
  const hubs = await api.call(operations.listHubs, {})
  const inPool = hubs.filter(({ name }) => name === 'Whitechapel substation hub' || name === 'Dartford substation hub')
  for (const { hubId } of inPool)
    expect(await api.call(operations.readRegistration, { params: { id: hubId } })).toMatchObject({
      pool: 'substations',
      gatewayId: null,
      port: later.get(hubId),
    })
  expect(inPool).toHaveLength(2)
}, 240_000)
