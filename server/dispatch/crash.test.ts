import { Instant } from '@js-joda/core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { operations } from '../../schemas/operations.ts'
import { type CrashRig, startCrashRig } from '../../test/support/crash.ts'
import { once, outcomeOf } from '../../test/support/crash-outcome.ts'
import { clearingUp, statement, toTheDesk, toTheFsp } from '../../test/support/crash-points.ts'
import { type DispatchRig, rigDay } from '../../test/support/dispatch.ts'
import { holdAt } from '../../test/support/killed-server.ts'
import { agreed, secondPerson } from '../../test/support/second-person.ts'
import { saveFuForecast } from '../planning/index.ts'

// Each case starts one to three servers as processes, which a busy machine takes its time over.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let market: CrashRig
let rig: DispatchRig
let fuId: string
let tick = Instant.parse(`${rigDay}T05:30:00Z`)

beforeAll(async () => {
  market = await startCrashRig(Instant.parse(`${rigDay}T05:00:00Z`))
  rig = market.rig
  fuId = await rig.unitFor('A', 'Crash FU', { from: '06:00', to: '22:00' })
  const starts = Array.from({ length: 64 }, (_, i) => Instant.parse(`${rigDay}T06:00:00Z`).plusSeconds(i * 900))
  await rig.schedule(fuId, Object.fromEntries(starts.map((at) => [at.toString().slice(11, 16), 40_000])))
  await rig.select(fuId)
  const common = { fuId, importW: 65_000, source: 'test', updatedAt: rig.clock.now() }
  await saveFuForecast(
    rig.server.context.db,
    starts.map((periodStart) => ({ ...common, periodStart })),
  )
  // The first tick of a new system, before which none is owed.
  await market.passTo(tick.minusSeconds(1))
  await market.passTo(tick)
})

/** Before each case the tick is the next one, and a server is up just before it. */
async function nextTick(): Promise<void> {
  tick = tick.plusSeconds(900)
  await market.passTo(tick.minusSeconds(1))
}

const outcome = () => outcomeOf(market, { product: 'A', fuId, tick, window: tick.plusSeconds(1_800) })

describe('FM06 a server killed when', () => {
  test.each(toTheFsp('A', { isOptimised: false }))('%s: nothing is lost, late or doubled', async (_, point) => {
    await nextTick()
    await market.crash(point, tick)
    await market.passTo(tick.plusSeconds(240))
    expect(await outcome()).toEqual({ ...once, sentIds: 1, effects: 1, sheets: 0 })
  })

  test.each(clearingUp)('%s, after another was killed: nothing is lost, late or doubled', async (_, first, point) => {
    await nextTick()
    await market.crash({ peer: first }, tick)
    await market.crash(point, tick.plusSeconds(60))
    await market.passTo(tick.plusSeconds(360))
    expect(await outcome()).toEqual({ ...once, sentIds: 1, effects: 1, sheets: 0 })
  })
})

describe('FM06 FB08 on the manual route, a server killed when', () => {
  const setRoute = async (body: object) =>
    agreed(
      await secondPerson(rig.server),
      rig.engineer.ask(operations.setDispatchRoute, { params: { id: rig.fsp.fspId }, body }),
    )
  beforeAll(async () => {
    await setRoute({ route: 'email', email: 'desk@fsp.example' })
  })
  test.each(toTheDesk)('%s: one sheet, in time, which is confirmed by hand', async (_, point) => {
    await nextTick()
    await market.crash(point, tick)
    await market.passTo(tick.plusSeconds(240))
    expect(await outcome()).toMatchObject({ states: ['sent'], isInTime: true, sheets: 1, sentIds: 0 })
    const { body: listed } = await rig.engineer.ask(operations.listInstructions, { query: { day: rigDay, fuId } })
    const [row] = listed.items.slice(-1)
    const { body } = await rig.engineer.ask(operations.readInstruction, { params: { id: row?.instructionId } })
    expect(body.attempts.map((a: { outcome: string }) => a.outcome)).toEqual(['handed-over: sent to desk@fsp.example'])
    const confirmation = { outcome: 'accepted', note: 'Jo by telephone' }
    expect(
      (
        await rig.engineer.ask(operations.confirmInstruction, {
          params: { id: row?.instructionId },
          body: confirmation,
        })
      ).status,
    ).toBe(200)
    expect(await outcome()).toEqual({ ...once, sheets: 1, sentIds: 0, effects: 0 })
  })
  afterAll(async () => {
    await setRoute({ route: 'http' })
  })
})

test('FM35 a server whose database connection is lost at the tick takes the tick up a minute later', async () => {
  await nextTick()
  const held = await holdAt(rig.db, statement('dispatch_cycle', 'INSERT', `new.product = 'A'`, 'undone'))
  const advanced = market.passTo(tick.plusSeconds(60))
  await held.reached()
  await held.end()
  await advanced
  expect(await outcome()).toEqual({ ...once, sentIds: 1, effects: 1, sheets: 0 })
})

test('FM06 FM08 two server processes tick at once: one instruction, one request, one effect per window', async () => {
  await nextTick()
  const other = await market.start(tick.minusSeconds(1))
  const before = rig.control.received.length
  for (let i = 0; i < 4; i++) {
    await Promise.all([market.passTo(tick), other.advanceTo(tick)])
    // Only now: a clock that runs a minute ahead of the other would take the other's lease for over while it sends.
    await Promise.all([market.passTo(tick.plusSeconds(60)), other.advanceTo(tick.plusSeconds(60))])
    expect(await outcome()).toEqual({ ...once, sentIds: 1, effects: 1, sheets: 0 })
    tick = tick.plusSeconds(900)
    await Promise.all([market.passTo(tick.minusSeconds(1)), other.advanceTo(tick.minusSeconds(1))])
  }
  expect(rig.control.received.length - before).toBe(4)
  await other.kill()
})

test.each(['takes it and answers at last', 'takes it and never answers'] as const)(
  'FM37 a server that is told to stop while an instruction is at an FSP that %s ends in time, and the instruction counts once',
  async (fsp) => {
    await nextTick()
    rig.control.behaviour = 'take-and-hang'
    const before = rig.control.hanging
    void market.server.advanceTo(tick)
    await expect.poll(() => rig.control.hanging, { timeout: 60_000, interval: 20 }).toBe(before + 1)
    rig.control.behaviour = 'accept'
    const ended = market.server.terminate()
    const answers = fsp === 'takes it and answers at last'
    if (answers) rig.control.release()
    expect(await ended).toBe(0)
    const [last] = (await rig.instructions(fuId)).slice(-1)
    expect(last?.state).toBe(answers ? 'acknowledged' : 'unknown')
    await market.passTo(tick.plusSeconds(1))
    await market.passTo(tick.plusSeconds(240))
    expect(await outcome()).toEqual({ ...once, sentIds: 1, effects: 1, sheets: 0 })
  },
)

test('FM09 through all of it no tick was missed', async () => {
  const outcomes = await rig.server.context.db.$client`
    select outcome, count(*)::int as n from dispatch_cycle where product = 'A' and done_at is not null group by 1`
  expect(outcomes.map((row) => row['outcome'])).toEqual(['issued'])
})
