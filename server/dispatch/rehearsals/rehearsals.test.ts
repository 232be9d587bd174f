import { randomUUID } from 'node:crypto'
import { Instant } from '@js-joda/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { operations } from '../../../schemas/operations.ts'
import { type DispatchRig, rigDay, startDispatchRig } from '../../../test/support/dispatch.ts'

let rig: DispatchRig
let cheap: string
let dear: string
let pseudoNetworkId: string

beforeAll(async () => {
  rig = await startDispatchRig(Instant.parse(`${rigDay}T09:00:00Z`))
  cheap = await rig.unitFor('A', 'Cheap', { utilisation: '90.00' })
  dear = await rig.unitFor('A', 'Dear', { utilisation: '200.00' })
  const { status, body } = await rig.engineer.ask(operations.makePseudoNetwork, { body: networkOf('North and south') })
  expect(status).toBe(200)
  pseudoNetworkId = body.pseudoNetworkId
})

const networkOf = (name: string) => ({
  name,
  nodes: [
    { nodeId: 'all', name: 'All depots', parentId: null },
    { nodeId: 'north', name: 'North', parentId: 'all' },
    { nodeId: 'south', name: 'South', parentId: 'all' },
  ],
  members: [
    { fuId: cheap, nodeId: 'north' },
    { fuId: dear, nodeId: 'south' },
  ],
})

const rehearse = (scenario: string, needW: number | null, id = pseudoNetworkId) =>
  rig.engineer.ask(operations.rehearse, { params: { id }, body: { tradingDay: rigDay, scenario, needW } })

// biome-ignore lint/suspicious/noExplicitAny: tests say what they expect of it
const at = (body: any, fuId: string, time: string) =>
  body.units
    .find((unit: { fuId: string }) => unit.fuId === fuId)
    ?.periods.find((period: { from: string }) => period.from === `${rigDay}T${time}:00Z`)

describe('a rehearsal', () => {
  test('chooses the cheapest FUs for a need at a made-up node, outside their contracts too, and says why', async () => {
    const { status, body } = await rehearse('afternoon', 60_000)
    expect(status).toBe(200)
    // The units are registered for 50 kW each, and contracted for the evening alone.
    expect(at(body, cheap, '13:00')).toMatchObject({
      turnDownW: 50_000,
      reasons: [{ nodeId: 'all', turnDownW: 50_000 }],
    })
    expect(at(body, dear, '13:00')).toMatchObject({ turnDownW: 10_000, marginalPriceGbpPerMwh: 200 })
    expect(at(body, cheap, '16:00')).toBeUndefined()
    expect(body.nodes).toMatchObject([{ nodeId: 'all', name: 'All depots' }])
    expect(body.nodes[0].periods).toHaveLength(12)
  })

  test('shows what is short, and every FU at once', async () => {
    const short = (await rehearse('overnight', 130_000)).body
    expect(short.nodes[0].periods[0]).toMatchObject({ needW: 130_000, shortfallW: 30_000 })
    const all = (await rehearse('evening', null)).body
    for (const fuId of [cheap, dear]) expect(at(all, fuId, '17:00')).toMatchObject({ turnDownW: 50_000 })
    expect(all.nodes[0].periods[0]).toMatchObject({ needW: 100_000, shortfallW: 0 })
  })

  test('sends nothing and changes no schedule, until it is adopted, selected and contracted', async () => {
    rig.startJobs()
    const { body } = await rehearse('evening', null)
    expect(
      (
        await rig.engineer.ask(operations.readDispatchSchedule, {
          params: { fuId: cheap, day: rigDay, kind: 'optimised' },
        })
      ).status,
    ).toBe(404)
    expect(
      (
        await rig.engineer.ask(operations.readDispatchSchedule, {
          params: { fuId: cheap, day: rigDay, kind: 'manual' },
        })
      ).status,
    ).toBe(404)
    await rig.clock.advanceTo(Instant.parse(`${rigDay}T16:40:00Z`))
    expect(rig.control.received).toEqual([])

    const adopted = await rig.engineer.ask(operations.adoptRehearsal, { params: { id: body.rehearsalId } })
    expect(adopted.body).toMatchObject({ adoptedBy: 'erin' })
    expect((await rig.engineer.ask(operations.adoptRehearsal, { params: { id: body.rehearsalId } })).status).toBe(409)
    await rig.select(cheap)
    await rig.clock.advanceTo(Instant.parse(`${rigDay}T16:45:00Z`))
    // Of the 50 kW that it could do 40 are contracted; the other FU is not selected.
    expect(rig.control.received).toMatchObject([{ fuId: cheap, intervals: [{ turnDownW: 40_000 }] }])
    const { body: list } = await rig.engineer.ask(operations.listRehearsals, { params: { id: pseudoNetworkId } })
    expect(list.items.map((item: { scenario: string }) => item.scenario)).toContain('overnight')
  })

  test('rehearses reverse power with what can be turned up, and its adoption turns up', async () => {
    const noon = { from: '12:00', to: '14:00', direction: 'turn-up' as const }
    const near = await rig.unitFor('A', 'Near battery', { ...noon, utilisation: '60.00' })
    const far = await rig.unitFor('A', 'Far battery', { ...noon, utilisation: '80.00' })
    const { body: network } = await rig.engineer.ask(operations.makePseudoNetwork, {
      body: {
        ...networkOf('Batteries'),
        members: [cheap, near, far].map((fuId) => ({ fuId, nodeId: 'south' })),
      },
    })
    const { body } = await rig.engineer.ask(operations.rehearse, {
      params: { id: network.pseudoNetworkId },
      body: { tradingDay: rigDay, scenario: 'afternoon', direction: 'turn-up', needW: 70_000 },
    })
    // By hand: 50 kW at £60, and 20 of 50 kW at £80; what can only be turned down has no part in it.
    const up = { direction: 'turn-up', availableW: 50_000 }
    expect(at(body, near, '13:00')).toMatchObject({ ...up, turnDownW: 50_000, priceGbpPerMwh: '60.00' })
    expect(at(body, far, '13:00')).toMatchObject({ ...up, turnDownW: 20_000, marginalPriceGbpPerMwh: 80 })
    expect(at(body, cheap, '13:00')).toBeUndefined()
    expect(body).toMatchObject({ direction: 'turn-up' })
    expect(body.nodes[0].periods[0]).toMatchObject({ direction: 'turn-up', needW: 70_000, shortfallW: 0 })
    const adoption = await rig.engineer.ask(operations.adoptRehearsal, { params: { id: body.rehearsalId } })
    expect(adoption.status).toBe(200)
    const { body: manual } = await rig.engineer.ask(operations.readDispatchSchedule, {
      params: { fuId: near, day: rigDay, kind: 'manual' },
    })
    expect([manual.values[51], manual.values[52]]).toEqual([null, -50_000])
  })

  test('what is not there, or does not fit, is said', async () => {
    expect((await rehearse('evening', null, randomUUID())).status).toBe(404)
    expect((await rehearse('breakfast', null)).status).toBe(422)
    expect((await rig.engineer.ask(operations.adoptRehearsal, { params: { id: randomUUID() } })).status).toBe(404)
    expect((await rig.engineer.ask(operations.makePseudoNetwork, { body: networkOf('North and south') })).status).toBe(
      409,
    )
    const stranger = { ...networkOf('Another'), members: [{ fuId: randomUUID(), nodeId: 'all' }] }
    const refused = await rig.engineer.ask(operations.makePseudoNetwork, { body: stranger })
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ field: 'members[0].fuId' }] } })
    expect((await rig.fsp.client.ask(operations.makePseudoNetwork, { body: networkOf('Mine') })).status).toBe(403)
    const { body } = await rig.engineer.ask(operations.listPseudoNetworks)
    expect(body.items.map((network: { name: string }) => network.name)).toEqual(['Batteries', 'North and south'])
  })
})
