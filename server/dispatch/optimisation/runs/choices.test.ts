import { Instant, LocalDate } from '@js-joda/core'
import { beforeEach, expect, test } from 'vitest'
import type { ChoicePeriod, UnitChoice } from '../../../../schemas/dispatch/choices.ts'
import { operations } from '../../../../schemas/operations.ts'
import { periodStarts } from '../../../../schemas/vocabulary/time.ts'
import type { Client } from '../../../../test/support/client.ts'
import { type DispatchRig, rigDay, startDispatchRig } from '../../../../test/support/dispatch.ts'
import { registerFsp, type TestFsp } from '../../../../test/support/market.ts'
import { agreed } from '../../../../test/support/second-person.ts'

let rig: DispatchRig
let other: TestFsp
beforeEach(async () => {
  rig = await startDispatchRig(Instant.parse('2026-01-14T09:00:00Z'))
  other = await registerFsp(rig.server, rig.engineer, 'Second Ltd', rig.control)
})

/** A target of 300 kW at the secondary, over which the forecast is by so much in the quarter-hours that begin then. */
async function forecast(overW: Record<string, number>): Promise<void> {
  const values = periodStarts(LocalDate.parse(rigDay), 'PT15M').map(
    (at) => 300_000 + (overW[at.toString().slice(11, 16)] ?? -1_000),
  )
  await rig.engineer.ask(operations.setTargetLevel, { params: { nodeId: 'sec' }, body: { targetW: 300_000 } })
  const params = { nodeId: 'sec', day: rigDay }
  const call = { params, body: { resolution: 'PT15M', values } }
  expect((await rig.engineer.ask(operations.saveLoadForecast, call)).status).toBe(200)
}

async function optimise(product = 'B') {
  const { status, body } = await rig.engineer.ask(operations.optimise, { body: { tradingDay: rigDay, product } })
  expect(status, body.detail).toBe(200)
}

/** What an FSP reads of the latest run, by the start of the quarter-hour. */
async function choicesOf(client: Client, fuId: string): Promise<Record<string, ChoicePeriod>> {
  const { body } = await client.ask(operations.listUnitChoices, { params: { id: fuId }, query: { day: rigDay } })
  return Object.fromEntries(body.items[0].periods.map((each: ChoicePeriod) => [each.from.slice(11, 16), each]))
}

test('FB05 an FSP reads for each quarter-hour why its offer was left, and nothing of the others', async () => {
  const cheap = await rig.unitFor('B', 'Cheap', { utilisation: '91.70' })
  const dear = await rig.unitFor('B', 'Dear', { utilisation: '200.00', of: other })
  // 30 kW are met by the cheap one; of 50 kW the dear one meets the last 10.
  await forecast({ '17:00': 30_000, '17:15': 50_000 })
  await optimise()
  const left = await choicesOf(other.client, dear)
  const own = { from: `${rigDay}T17:00:00Z`, direction: 'turn-down', offeredW: 40_000, priceGbpPerMwh: '200.00' }
  expect(left['17:00']).toEqual({ ...own, chosenW: 0, because: 'price', marginalPriceGbpPerMwh: null })
  expect(left['17:15']).toMatchObject({ chosenW: 10_000, because: 'need-met', marginalPriceGbpPerMwh: null })
  expect(left['17:30']).toMatchObject({ chosenW: 0, because: 'no-need' })
  const { text } = await textOf(dear)
  for (const secret of [cheap, '91.7', '30000', '50000']) expect(text).not.toContain(secret)
  const chosen = await choicesOf(rig.fsp.client, cheap)
  expect(chosen['17:00']).toMatchObject({ chosenW: 30_000, because: 'need-met' })
  expect(chosen['17:15']).toMatchObject({ chosenW: 40_000, because: null })
})

test('FB05 FM40 an FSP reads the latest choice of each FU and product at once: its own, page by page', async () => {
  const both = await rig.unitFor('B', 'Both', { utilisation: '91.70' })
  const own = await rig.unitFor('B', 'Own', { utilisation: '95.00' })
  const foreign = await rig.unitFor('B', 'Foreign', { utilisation: '200.00', of: other })
  await forecast({ '17:00': 30_000 })
  await optimise()
  await rig.clock.advanceTo(rig.clock.now().plusSeconds(60))
  await forecast({ '17:00': 50_000 })
  await optimise()
  const latest = async (client: Client, query: object = {}) =>
    (await client.ask(operations.listLatestChoices, { query: { day: rigDay, ...query } })).body
  const all = await latest(rig.fsp.client)
  expect(all.items.map(({ fuId, product }: UnitChoice) => [fuId, product])).toEqual(
    [both, own].toSorted().map((fuId) => [fuId, 'B']),
  )
  // By hand: of 50 kW the cheaper one gives its 40, the other 10; in the run before, 30 and 0.
  const at17 = ({ periods }: UnitChoice) => periods.find(({ from }) => from.includes('T17:00'))?.chosenW
  expect(new Map(all.items.map((each: UnitChoice) => [each.fuId, at17(each)]))).toEqual(
    new Map([
      [both, 40_000],
      [own, 10_000],
    ]),
  )
  const first = await latest(rig.fsp.client, { limit: 1 })
  const second = await latest(rig.fsp.client, { limit: 1, cursor: first.nextCursor })
  expect([...first.items, ...second.items]).toEqual(all.items)
  expect((await latest(other.client)).items.map(({ fuId }: UnitChoice) => fuId)).toEqual([foreign])
  expect((await latest(rig.engineer)).items).toHaveLength(3)
  expect((await latest(rig.engineer, { day: '2026-01-20' })).items).toEqual([])
})

/** The answer as it came. */
async function textOf(fuId: string) {
  const { body } = await other.client.ask(operations.listUnitChoices, { params: { id: fuId }, query: { day: rigDay } })
  return { text: JSON.stringify(body) }
}

test('the price of one more kW is told where enough other FSPs had offers for the same need', async () => {
  await rig.unitFor('B', 'Cheap', { utilisation: '90.00' })
  const dear = await rig.unitFor('B', 'Dear', { utilisation: '200.00', of: other })
  await forecast({ '17:00': 30_000 })
  await optimise()
  expect((await choicesOf(other.client, dear))['17:00']?.marginalPriceGbpPerMwh).toBeNull()
  const [first, second] = [await rig.server.person('priya', 'planner'), await rig.server.person('paul', 'planner')]
  const change = { params: { settingId: 'dispatch.choices' }, body: { fspsForPrice: 1 } }
  await agreed(second, first.ask(operations.changeSetting, change))
  // The cheap one has 10 kW left.
  expect((await choicesOf(other.client, dear))['17:00']?.marginalPriceGbpPerMwh).toBe(90)
})

test('FB04 E2EPA010 a unit that is out of service, offers nothing or asks for too much notice reads that', async () => {
  const out = await rig.unitFor('B', 'Out')
  const empty = await rig.unitFor('B', 'Empty')
  const slow = await rig.unitFor('C', 'Slow')
  const status = { inService: false, effectiveFrom: `${rigDay}T17:15:00Z`, reason: 'works' }
  await rig.fsp.client.ask(operations.declareServiceStatus, { params: { id: out }, body: status })
  const values = Array.from({ length: 96 }, (_, i) => (i === 68 ? 0 : 40_000))
  const given = { resolution: 'PT15M', start: `${rigDay}T00:00:00Z`, revision: 1, values }
  const deviation = { params: { fuId: empty, day: rigDay, kind: 'deviation' }, body: { kind: 'deviation', ...given } }
  expect((await rig.fsp.client.ask(operations.submitSchedule, deviation)).status).toBe(200)
  const notice = { params: { id: slow }, body: { limits: { noticeMinutes: 600 } } }
  expect((await rig.fsp.client.ask(operations.stateConstraints, notice)).status).toBe(200)
  await forecast({ '17:00': 30_000, '17:15': 30_000 })
  await optimise()
  await optimise('C')
  const becauseOf = async (fuId: string, ...times: string[]) => {
    const read = await choicesOf(rig.fsp.client, fuId)
    return times.map((time) => read[time]?.because)
  }
  expect(await becauseOf(out, '17:00', '17:15')).toEqual(['need-met', 'out-of-service'])
  expect(await becauseOf(empty, '17:00', '17:15')).toEqual(['offered-nothing', 'need-met'])
  expect(await becauseOf(slow, '17:00')).toEqual(['no-notice'])
})

test('what a node pays at most, and what a unit gives at least, are reasons of their own', async () => {
  const bulky = await rig.unitFor('B', 'Bulky', { utilisation: '50.00' })
  const fine = await rig.unitFor('B', 'Fine', { utilisation: '90.00' })
  const dear = await rig.unitFor('B', 'Dear', { utilisation: '200.00', of: other })
  const atLeast = { params: { id: bulky }, body: { limits: { minimumTurnDownW: 40_000 } } }
  expect((await rig.fsp.client.ask(operations.stateConstraints, atLeast)).status).toBe(200)
  const params = { nodeId: 'sec' }
  const terms = { ceilingGbpPerMwh: '100.00', shortfallWeight: 1 }
  const set = await rig.engineer.ask(operations.setNodeTerms, { params, body: terms, version: 0 })
  expect(set.status, JSON.stringify(set.body)).toBe(200)
  // 10 kW: 40 kW at £50 cost more than 10 kW at £90. Of 100 kW the two that are not too dear give 80.
  await forecast({ '17:00': 10_000, '17:30': 100_000 })
  await optimise()
  const read = await choicesOf(rig.fsp.client, bulky)
  expect(read['17:00']).toMatchObject({ chosenW: 0, because: 'least-turn-down' })
  expect(read['17:30']).toMatchObject({ chosenW: 40_000, because: null })
  expect((await choicesOf(rig.fsp.client, fine))['17:00']).toMatchObject({ chosenW: 10_000, because: 'need-met' })
  expect((await choicesOf(other.client, dear))['17:30']).toMatchObject({ chosenW: 0, because: 'ceiling-price' })
})
