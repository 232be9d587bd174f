import { Instant, LocalDate } from '@js-joda/core'
import { beforeEach, expect, test } from 'vitest'
import { operations } from '../../../../schemas/operations.ts'
import { periodStarts } from '../../../../schemas/vocabulary/time.ts'
import { type DispatchRig, rigDay, startDispatchRig } from '../../../../test/support/dispatch.ts'
import { agreed, secondPerson } from '../../../../test/support/second-person.ts'

let rig: DispatchRig
beforeEach(async () => {
  rig = await startDispatchRig(Instant.parse('2026-01-14T09:00:00Z'))
})

const starts = periodStarts(LocalDate.parse(rigDay), 'PT15M').map((at) => at.toString().slice(11, 16))

/** The secondary is kept at 300 kW of load and 100 kW of reverse power; its load is as stated at the times named, 0 W else. */
async function forecast(
  loadW: Record<string, number>,
  nodeId = 'sec',
  levels = { targetW: 300_000, reverseTargetW: 100_000 },
) {
  await rig.engineer.ask(operations.setTargetLevel, { params: { nodeId }, body: levels })
  const body = { resolution: 'PT15M', values: starts.map((time) => loadW[time] ?? 0) }
  const { status } = await rig.engineer.ask(operations.saveLoadForecast, { params: { nodeId, day: rigDay }, body })
  expect(status).toBe(200)
}

async function optimise(product = 'A') {
  const { status, body } = await rig.engineer.ask(operations.optimise, { body: { tradingDay: rigDay, product } })
  expect(status, body.detail).toBe(200)
  return body
}

async function chosen(fuId: string): Promise<Record<string, number>> {
  const { body } = await rig.engineer.ask(operations.readDispatchSchedule, {
    params: { fuId, day: rigDay, kind: 'optimised' },
  })
  return Object.fromEntries(
    (body.values as (number | null)[]).flatMap((value, i) => (value === null ? [] : [[starts[i] ?? '', value]])),
  )
}

const noon = { from: '12:00', to: '13:00' }
const stateLimits = async (fuId: string, limits: Record<string, unknown>) =>
  expect(
    (await rig.fsp.client.ask(operations.stateConstraints, { params: { id: fuId }, body: { limits } })).status,
  ).toBe(200)

test('reverse power above its target is met by turn-up, the cheapest first, and explained by direction', async () => {
  const cheap = await rig.unitFor('A', 'Cheap up', { ...noon, direction: 'turn-up', utilisation: '60.00' })
  const dear = await rig.unitFor('A', 'Dear up', { ...noon, direction: 'turn-up', utilisation: '80.00' })
  const evening = await rig.unitFor('A', 'Down', { utilisation: '90.00' })
  // By hand: at noon 150 kW of net export, 50 kW over 100 kW; in the evening 320 kW, 20 kW over 300 kW.
  await forecast({ '12:00': -150_000, '12:15': -110_000, '12:30': -100_000, '17:00': 320_000 })
  const run = await optimise()
  expect(run.nodes).toHaveLength(1)
  expect(run.nodes[0].periods).toEqual([
    {
      from: `${rigDay}T12:00:00Z`,
      direction: 'turn-up',
      needW: 50_000,
      shortfallW: 0,
      marginalPriceGbpPerMwh: 80,
      isMarginalExact: true,
    },
    {
      from: `${rigDay}T12:15:00Z`,
      direction: 'turn-up',
      needW: 10_000,
      shortfallW: 0,
      marginalPriceGbpPerMwh: 60,
      isMarginalExact: true,
    },
    { from: `${rigDay}T17:00:00Z`, needW: 20_000, shortfallW: 0, marginalPriceGbpPerMwh: 90, isMarginalExact: true },
  ])
  expect(await chosen(cheap)).toEqual({ '12:00': -40_000, '12:15': -10_000 })
  expect(await chosen(dear)).toEqual({ '12:00': -10_000 })
  expect(await chosen(evening)).toEqual({ '17:00': 20_000 })
  const { body: why } = await rig.engineer.ask(operations.explainChoice, { params: { runId: run.runId, fuId: cheap } })
  // Without it, at 12:00 30 kW more of the dear one at £80 and 10 kW of nobody, for 40 kW at £60; at 12:15 10 kW at £80 for £60.
  expect(why.without).toEqual({ shortfallWh: 2_500, costGbp: 0.05, isExact: true })
  expect(why.periods[0]).toMatchObject({
    direction: 'turn-up',
    turnDownW: 40_000,
    availableW: 40_000,
    marginalPriceGbpPerMwh: 80,
    reasons: [{ nodeId: 'sec', turnDownW: 40_000, because: 'need' }],
    alternatives: [{ fuId: dear, leftW: 30_000 }],
  })
})

test('turn-up that nobody can give is unmet, and a node whose reverse power has no limit has no need', async () => {
  await rig.unitFor('A', 'Up', { ...noon, direction: 'turn-up' })
  await forecast({ '12:00': -190_000 })
  const run = await optimise()
  expect(run.nodes[0].periods).toMatchObject([{ direction: 'turn-up', needW: 90_000, shortfallW: 50_000 }])
  await rig.engineer.ask(operations.setTargetLevel, {
    params: { nodeId: 'sec' },
    body: { targetW: 300_000, reverseTargetW: null },
  })
  expect((await optimise()).nodes).toEqual([])
})

test('nothing is turned up so far that a node above passes its target, nor down so far that one passes its reverse power', async () => {
  const up = await rig.unitFor('A', 'Careful up', { ...noon, direction: 'turn-up' })
  const down = await rig.unitFor('A', 'Careful down')
  await forecast({ '12:00': -150_000, '17:00': -90_000 })
  // By hand: the primary has 15 kW left at noon, so 15 of 40 kW; at 17:00 it needs 40 kW less, but the secondary can export 10 kW more.
  await forecast({ '12:00': 485_000, '17:00': 540_000 }, 'pri', { targetW: 500_000, reverseTargetW: 1_000_000 })
  const run = await optimise()
  expect(await chosen(up)).toEqual({ '12:00': -15_000 })
  expect(await chosen(down)).toEqual({ '17:00': 10_000 })
  const shortfalls = run.nodes.flatMap((node: { nodeId: string; periods: { shortfallW: number }[] }) =>
    node.periods.map((period) => [node.nodeId, period.shortfallW]),
  )
  expect(shortfalls).toContainEqual(['sec', 35_000])
  expect(shortfalls).toContainEqual(['pri', 30_000])
})

test('the limits of an FU hold over both directions: one activation a day is used up by a turn-down', async () => {
  const fuId = await rig.unitFor('A', 'Once a day', { ...noon, direction: 'turn-up' })
  const standing = {
    fuId,
    product: 'B',
    turnDownW: 40_000,
    availabilityGbpPerMwH: '0',
    utilisationGbpPerMwh: '50.00',
    validFrom: '2026-01-14',
    validTo: '2026-12-31',
    windows: [{ weekdays: ['thursday'], from: '17:00', to: '18:00' }],
    baselineMethod: 'recent-history',
    baselineFallback: 'nominated',
    reference: 'Framework agreement 2026/19',
  }
  await agreed(await secondPerson(rig.server), rig.engineer.ask(operations.enterStandingContract, { body: standing }))
  await stateLimits(fuId, { activationsPerDay: 1 })
  await forecast({ '12:00': -150_000, '17:00': 320_000 })
  expect((await optimise('B')).nodes[0].periods).toMatchObject([{ direction: 'turn-up' }, { shortfallW: 0 }])
  expect(await chosen(fuId)).toEqual({ '17:00': 20_000 })
  rig.clock.jumpTo(Instant.parse('2026-01-14T19:59:00Z'))
  rig.startJobs()
  await rig.clock.advanceTo(Instant.parse('2026-01-14T20:01:00Z'))
  const engineer = await rig.server.person('erin', 'flexibility-engineer')
  rig.engineer.headers['cookie'] = engineer.headers['cookie'] ?? ''
  const issued = await rig.engineer.ask(operations.listInstructions, { query: { day: rigDay, fuId } })
  expect(issued.body.items).toHaveLength(1)
  const { nodes } = await optimise('A')
  expect(nodes[0].periods).toMatchObject([
    { direction: 'turn-up', needW: 50_000, shortfallW: 50_000 },
    { needW: 20_000, shortfallW: 0 },
  ])
})

test('what a turn-up draws early is missing later: its rebound raises the reverse power, and must not make a new need', async () => {
  const returning = await rig.unitFor('A', 'Returning', { ...noon, direction: 'turn-up', utilisation: '10.00' })
  const plain = await rig.unitFor('A', 'Plain', { ...noon, direction: 'turn-up', utilisation: '50.00' })
  await stateLimits(returning, {
    maximumRunMinutes: 15,
    activationsPerDay: 1,
    rebound: { share: 1, delayMinutes: 30, overMinutes: 15 },
  })
  // By hand: what the cheap one draws at 12:00 is missing at 12:30, where the reverse power is at its target already.
  await forecast({ '12:00': -130_000, '12:30': -100_000 })
  const run = await optimise()
  expect(run.method).toBe('mixed-integer')
  expect(await chosen(returning)).toEqual({})
  expect(await chosen(plain)).toEqual({ '12:00': -30_000 })
  expect(run.nodes[0].periods).toMatchObject([{ needW: 30_000, shortfallW: 0, marginalPriceGbpPerMwh: 50 }])
})

test('no more turn-down is planned than the export limit of the site leaves, the cheapest first, and the explanation says so', async () => {
  const cheap = await rig.unitFor('A', 'Cheap', { utilisation: '60.00' })
  const dear = await rig.unitFor('A', 'Dear', { utilisation: '80.00' })
  await rig.db.$client`update connection set export_kva = 20`
  for (const [fuId, importW] of [
    [cheap, 10_000],
    [dear, 1_000],
  ] as const)
    await rig.db.$client`
      insert into fu_forecast (fu_id, period_start, import_w, source, updated_at)
      values (${fuId}, ${`${rigDay}T17:00:00Z`}, ${importW}, 'test', now()),
        (${fuId}, ${`${rigDay}T17:15:00Z`}, ${importW * 10}, 'test', now())`
  await forecast({ '17:00': 350_000, '17:15': 350_000 })
  const run = await optimise()
  // By hand: 20 kVA × 0.95 are 19 kW of export, and 11 kW are imported: 30 kW of the 50 kW that are needed, all of the cheap one.
  // At 17:15 110 kW are imported, so 129 kW: 40 of the cheap one and 10 of the dear one.
  expect(await chosen(cheap)).toEqual({ '17:00': 30_000, '17:15': 40_000 })
  expect(await chosen(dear)).toEqual({ '17:15': 10_000 })
  expect(run.nodes[0].periods).toMatchObject([
    { needW: 50_000, shortfallW: 20_000 },
    { needW: 50_000, shortfallW: 0 },
  ])
  const why = async (fuId: string) =>
    (await rig.engineer.ask(operations.explainChoice, { params: { runId: run.runId, fuId } })).body.periods
  expect(await why(cheap)).toMatchObject([
    { availableW: 30_000, turnDownW: 30_000, siteLimit: { exportLimitW: 19_000, offeredW: 40_000 } },
    { availableW: 40_000, turnDownW: 40_000 },
    ...Array(6).fill({ availableW: 40_000 }),
  ])
  expect((await why(dear))[0]).toMatchObject({
    availableW: 0,
    turnDownW: 0,
    reasons: [],
    siteLimit: { exportLimitW: 19_000, offeredW: 40_000 },
  })
  expect((await why(dear))[1].siteLimit).toBeUndefined()
})
