import { Instant, LocalDate } from '@js-joda/core'
import { beforeEach, expect, test } from 'vitest'
import { operations } from '../../../../schemas/operations.ts'
import { periodStarts } from '../../../../schemas/vocabulary/time.ts'
import { type DispatchRig, rigDay, startDispatchRig } from '../../../../test/support/dispatch.ts'
import { agreed } from '../../../../test/support/second-person.ts'
import { saveReliabilities } from '../../../planning/index.ts'

let rig: DispatchRig
beforeEach(async () => {
  rig = await startDispatchRig(Instant.parse('2026-01-14T09:00:00Z'))
})

const starts = periodStarts(LocalDate.parse(rigDay), 'PT15M').map((at) => at.toString().slice(11, 16))

/** The secondary is kept at 300 kW of load and 100 kW of reverse power. */
async function forecast(loadW: Record<string, number>) {
  const params = { nodeId: 'sec' }
  await rig.engineer.ask(operations.setTargetLevel, { params, body: { targetW: 300_000, reverseTargetW: 100_000 } })
  const body = { resolution: 'PT15M', values: starts.map((time) => loadW[time] ?? 0) }
  const { status } = await rig.engineer.ask(operations.saveLoadForecast, { params: { ...params, day: rigDay }, body })
  expect(status).toBe(200)
}

/** FUs that have delivered 0.8 of what they were instructed, over 40 settled quarter-hours. */
async function delivered(...fuIds: string[]) {
  const at = rig.clock.now()
  const settled = { periods: 40, instructedWh: 400_000, deliveredWh: 320_000, ratio: 0.8, settingVersion: 0 }
  const span = { fromAt: at.minusSeconds(86_400), lastAt: at.minusSeconds(3_600), updatedAt: at }
  await saveReliabilities(
    rig.db,
    fuIds.map((fuId) => ({ fuId, ...settled, ...span })),
  )
}

async function derate(isOn: boolean) {
  const [first, second] = [await rig.server.person('priya', 'planner'), await rig.server.person('paul', 'planner')]
  const params = { settingId: 'dispatch.optimisation' }
  await agreed(second, first.ask(operations.changeSetting, { params, body: { deratesOffers: isOn } }))
}

async function optimise(product = 'A') {
  const { status, body } = await rig.engineer.ask(operations.optimise, { body: { tradingDay: rigDay, product } })
  expect(status, body.detail).toBe(200)
  return body
}

const whyOf = async (runId: string, fuId: string) =>
  (await rig.engineer.ask(operations.explainChoice, { params: { runId, fuId } })).body.periods

test('D12 a run counts on the reliable share of an FU once the DNO says so, in both directions, and keeps the share', async () => {
  const down = await rig.unitFor('A', 'Down', { utilisation: '50.00' })
  const noon = { from: '12:00', to: '13:00' }
  const up = await rig.unitFor('A', 'Up', { ...noon, direction: 'turn-up', utilisation: '50.00' })
  const known = await rig.unitFor('A', 'Without a record', { utilisation: '90.00' })
  await delivered(down, up)
  // By hand: 50 kW over 300 kW in the evening, 40 kW of reverse power over 100 kW at noon; the FUs state 40 kW each.
  await forecast({ '12:00': -140_000, '17:00': 350_000 })
  const before = await optimise()
  expect(await whyOf(before.runId, down)).toContainEqual(expect.objectContaining({ turnDownW: 40_000 }))

  await derate(true)
  const run = await optimise()
  const derating = { offeredW: 32_000, statedW: 40_000, reliability: 0.8, overPeriods: 40 }
  const at = (time: string) => `${rigDay}T${time}:00Z`
  expect(await whyOf(run.runId, down)).toContainEqual(
    expect.objectContaining({ from: at('17:00'), availableW: 32_000, turnDownW: 32_000, derating }),
  )
  expect(await whyOf(run.runId, up)).toContainEqual(
    expect.objectContaining({ from: at('12:00'), direction: 'turn-up', turnDownW: 32_000, derating }),
  )
  const [full] = (await whyOf(run.runId, known)).filter((period: { from: string }) => period.from === at('17:00'))
  expect(full).toMatchObject({ availableW: 40_000, turnDownW: 18_000 })
  expect(full).not.toHaveProperty('derating')
  expect(run.nodes[0].periods).toMatchObject([
    { direction: 'turn-up', needW: 40_000, shortfallW: 8_000 },
    { needW: 50_000, shortfallW: 0 },
  ])

  // What an earlier run says does not change, and the later one keeps its share when the setting is taken back.
  await derate(false)
  expect(await whyOf(before.runId, down)).toContainEqual(
    expect.objectContaining({ from: at('17:00'), availableW: 40_000, turnDownW: 40_000 }),
  )
  expect(await whyOf(run.runId, down)).toContainEqual(expect.objectContaining({ from: at('17:00'), derating }))
})

test('D12 what is instructed, and what a contract pays for being available, is not derated', async () => {
  const fuId = await rig.unitFor('B', 'Instructed', { utilisation: '50.00' })
  await forecast({ '17:00': 340_000 })
  await optimise('B')
  rig.clock.jumpTo(Instant.parse('2026-01-14T19:59:00Z'))
  rig.startJobs()
  await rig.clock.advanceTo(Instant.parse('2026-01-14T20:01:00Z'))
  await delivered(fuId)
  await derate(true)
  const engineer = await rig.server.person('erin', 'flexibility-engineer')
  const { body } = await engineer.ask(operations.listInstructions, { query: { day: rigDay, fuId } })
  expect(body.items[0].intervals[0]).toMatchObject({ turnDownW: 40_000 })
  const { body: contracts } = await engineer.ask(operations.listContracts, {})
  expect(contracts.items).toMatchObject([{ fuId, turnDownW: 40_000 }])
})
