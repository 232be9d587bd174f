import { Instant, LocalDate } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { beforeEach, expect, test } from 'vitest'
import { operations } from '../../../../schemas/operations.ts'
import { periodStarts } from '../../../../schemas/vocabulary/time.ts'
import { type DispatchRig, rigDay, startDispatchRig } from '../../../../test/support/dispatch.ts'
import { agreed } from '../../../../test/support/second-person.ts'

let rig: DispatchRig
beforeEach(async () => {
  rig = await startDispatchRig(Instant.parse('2026-01-14T09:00:00Z'))
})

const starts = periodStarts(LocalDate.parse(rigDay), 'PT15M').map((at) => at.toString().slice(11, 16))

async function forecast(loadW: Record<string, number>, nodeId = 'sec', targetW = 300_000) {
  await rig.engineer.ask(operations.setTargetLevel, { params: { nodeId }, body: { targetW } })
  const body = { resolution: 'PT15M', values: starts.map((time) => loadW[time] ?? 0) }
  const { status } = await rig.engineer.ask(operations.saveLoadForecast, { params: { nodeId, day: rigDay }, body })
  expect(status).toBe(200)
}

async function optimise() {
  const { status, body } = await rig.engineer.ask(operations.optimise, { body: { tradingDay: rigDay, product: 'A' } })
  expect(status, body.detail).toBe(200)
  return body
}

const params = { nodeId: 'sec' }
const state = (ceilingGbpPerMwh: string | null, shortfallWeight: number | null, version: number | null) =>
  rig.engineer.ask(operations.setNodeTerms, { params, body: { ceilingGbpPerMwh, shortfallWeight }, version })
const limits = (fuId: string, given: Record<string, unknown>) =>
  rig.fsp.client.ask(operations.stateConstraints, { params: { id: fuId }, body: { limits: given } })
const stored = async () =>
  (await rig.engineer.ask(operations.listOptimisations, { query: { day: rigDay, product: 'A' } })).body.items

test.each(['selection', 'mixed-integer'])(
  'a need stays unmet above the ceiling price of its node, with that as the reason: %s',
  async (method) => {
    const cheap = await rig.unitFor('A', 'Cheap', { utilisation: '90.00' })
    await rig.unitFor('A', 'Dear', { utilisation: '200.00' })
    if (method === 'mixed-integer') await limits(cheap, { minimumRunMinutes: 30 })
    await forecast({ '17:00': 350_000, '17:15': 350_000 })
    const before = await optimise()
    expect(before).toMatchObject({ method, nodes: [{ periods: [{ shortfallW: 0 }, { shortfallW: 0 }] }] })
    expect((await state('199.99', null, 0)).body).toMatchObject({ revision: 1 })
    const run = await optimise()
    // By hand: 40 of 50 kW at £90; the other 10 kW could be had at £200 only.
    const short = { needW: 50_000, shortfallW: 10_000, marginalPriceGbpPerMwh: null }
    const stoppedByPrice = { ceilingGbpPerMwh: '199.99', shortfallW: 10_000 }
    expect(run).toMatchObject({ method })
    expect(run.nodes[0].periods).toMatchObject([
      { ...short, stoppedByPrice },
      { ...short, stoppedByPrice },
    ])
    expect((await state('200.00', null, 1)).status).toBe(200)
    expect((await optimise()).nodes[0].periods).toMatchObject([{ shortfallW: 0 }, { shortfallW: 0 }])
    // The earlier run still says what it found.
    expect((await stored()).find((each: { runId: string }) => each.runId === run.runId)).toEqual(run)
  },
)

test('the weight of a node says which of two needs is met where both cannot be', async () => {
  const once = await rig.unitFor('A', 'Once', { utilisation: '90.00' })
  await limits(once, { maximumRunMinutes: 15, activationsPerDay: 1 })
  // By hand: 20 kW at the secondary at 17:00, or 30 kW at the primary at 17:45.
  await forecast({ '17:00': 320_000 })
  await forecast({ '17:45': 530_000 }, 'pri', 500_000)
  const shortOf = ({ nodes }: { nodes: { nodeId: string; periods: { shortfallW: number }[] }[] }) =>
    Object.fromEntries(nodes.map((node) => [node.nodeId, node.periods.map((period) => period.shortfallW)]))
  expect(shortOf(await optimise())).toEqual({ sec: [20_000], pri: [0] })
  await state(null, 2, 0)
  const run = await optimise()
  expect(shortOf(run)).toEqual({ sec: [0], pri: [30_000] })
  const [sec] = run.nodes.filter((node: { nodeId: string }) => node.nodeId === 'sec')
  expect(sec.periods).toMatchObject([{ shortfallWeight: 2 }])
})

test('what a node does not state follows the setting; each change is kept with its version and who made it', async () => {
  const read = async () => (await rig.engineer.ask(operations.readNodeTerms, { params })).body
  const none = { ceilingGbpPerMwh: null, shortfallWeight: null }
  expect(await read()).toEqual({
    nodeId: 'sec',
    ...none,
    revision: 0,
    inForce: { ceilingGbpPerMwh: null, shortfallWeight: 1 },
  })
  const [first, second] = [await rig.server.person('priya', 'planner'), await rig.server.person('paul', 'planner')]
  const setting = { params: { settingId: 'dispatch.node-terms' } }
  await agreed(second, first.ask(operations.changeSetting, { ...setting, body: { limitsPrice: true } }))
  expect(await read()).toMatchObject({ ...none, inForce: { ceilingGbpPerMwh: '6000.00', shortfallWeight: 1 } })
  expect((await state('750.5', 3, 0)).body.inForce).toEqual({ ceilingGbpPerMwh: '750.50', shortfallWeight: 3 })
  const late = await state('100', null, 0)
  expect(late.status).toBe(412)
  expect(late.body.errors).toContainEqual({ field: 'ceilingGbpPerMwh', message: 'is 750.50 now, and 100 in yours' })
  expect((await state(null, 3, 1)).body).toMatchObject({ revision: 2, inForce: { ceilingGbpPerMwh: '6000.00' } })
  const entries = await rig.db.execute<{ detail: unknown }>(
    sql`select detail from audit_entry where action = 'node-terms.set' order by at, detail::text`,
  )
  expect(entries.map(({ detail }) => detail)).toContainEqual({
    ceilingGbpPerMwh: null,
    shortfallWeight: 3,
    before: { ceilingGbpPerMwh: '750.50', shortfallWeight: 3 },
  })
  const missing = await rig.engineer.ask(operations.readNodeTerms, { params: { nodeId: 'nowhere' } })
  expect(missing.status).toBe(404)
})
