import { Instant, LocalDate } from '@js-joda/core'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { operations } from '../../schemas/operations.ts'
import { periodStarts } from '../../schemas/vocabulary/time.ts'
import type { Client } from '../../test/support/client.ts'
import { type CrashRig, startCrashRig } from '../../test/support/crash.ts'
import { once, outcomeOf } from '../../test/support/crash-outcome.ts'
import { atTheGate, clearingUp, toTheFsp } from '../../test/support/crash-points.ts'
import { rigDay } from '../../test/support/dispatch.ts'
import { secondPerson } from '../../test/support/second-person.ts'
import { putTimetable } from '../../test/support/timetables.ts'
import { saveFuForecast } from '../planning/index.ts'

// Each case starts one to three servers as processes, which a busy machine takes its time over.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const gate = '05:45'
const quarters = Array.from({ length: 48 }, (_, i) => 24 + i)
const clockTime = (quarter: number) =>
  `${String(Math.floor(quarter / 4)).padStart(2, '0')}:${String((quarter % 4) * 15).padStart(2, '0')}`

/** The bid of the last revision for the n-th quarter-hour of the day, £/MWh: another for each, so that none stands for its neighbour. */
const bidFor = (quarter: number) => 20 + quarter
const lastRevision = atTheGate.length

describe.each([
  { product: 'B', daysAhead: 1, day: '2026-01-16' },
  { product: 'C', daysAhead: 0, day: rigDay },
])('product $product', ({ product, daysAhead, day }) => {
  let market: CrashRig
  let fuId: string
  let tick = Instant.parse(`${rigDay}T05:45:00Z`)
  const windows: string[] = []
  const windowOf = (at: Instant) => at.plusSeconds(1_800 + daysAhead * 86_400)
  const outcome = () => outcomeOf(market, { product, fuId, tick, window: windowOf(tick) })

  const submit = (client: Client, kind: string, revision: number, value: (quarter: number) => number | string) =>
    client.ask(operations.submitSchedule, {
      params: { fuId, day, kind },
      body: {
        kind,
        resolution: 'PT15M',
        start: `${day}T00:00:00Z`,
        revision,
        values: Array.from({ length: 96 }, (_, i) => value(i)),
      },
    })
  const bid = (client: Client, revision: number) =>
    submit(client, 'cost', revision, (i) => `${bidFor(i) + lastRevision - revision}.00`)

  beforeAll(async () => {
    market = await startCrashRig(Instant.parse(`${rigDay}T04:50:00Z`))
    const { rig } = market
    const administrator = await rig.server.person('ada', 'administrator')
    // Each quarter-hour has a tick of its own, half an hour before, or a day and half an hour.
    const slots = quarters.map((i) => ({ at: clockTime(i), from: clockTime(i + 2), to: clockTime(i + 3) }))
    const atGate = { daysBefore: daysAhead, at: gate }
    const settings = {
      rhythm: { kind: 'windows' as const, daysAhead, windows: slots },
      graceSeconds: 900,
      leaseSeconds: 60,
      unselected: 'optimised' as const,
      isOptimised: true,
      optimiserSeconds: 30,
      gates: { baseline: atGate, cost: atGate, deviation: atGate, availability: atGate },
    }
    await putTimetable({ first: administrator, second: await secondPerson(rig.server) }, product, settings)
    fuId = await rig.unitFor(product, 'Crash FU', { from: '06:00', to: '22:00' })
    expect((await submit(rig.fsp.client, 'baseline', 1, () => 48_000)).status).toBe(200)
    const starts = periodStarts(LocalDate.parse(day), 'PT15M')
    const common = { fuId, importW: 65_000, source: 'test', updatedAt: rig.clock.now() }
    await saveFuForecast(
      rig.server.context.db,
      starts.map((periodStart) => ({ ...common, periodStart })),
    )
    const { engineer } = rig
    await engineer.ask(operations.setTargetLevel, { params: { nodeId: 'sec' }, body: { targetW: 300_000 } })
    const forecast = { resolution: 'PT15M', values: starts.map(() => 340_000) }
    const saved = await engineer.ask(operations.saveLoadForecast, { params: { nodeId: 'sec', day }, body: forecast })
    expect(saved.status).toBe(200)
    await market.passTo(Instant.parse(`${rigDay}T05:00:00Z`))
  })

  /** Before each case the tick is the next one, and a server is up just before it. */
  async function nextTick(): Promise<void> {
    tick = tick.plusSeconds(900)
    windows.push(windowOf(tick).toString())
    await market.passTo(tick.minusSeconds(1))
  }

  describe('FM06 a server killed when', () => {
    let revision = 0
    test.each(atTheGate)('%s: repeated, it is accepted once', async (_, point) => {
      revision++
      const at = Instant.parse(`${rigDay}T05:00:00Z`).plusSeconds(revision * 60)
      const [before, repeated] = [at.toString(), at.plusSeconds(1).toString()]
      await market.crashAtRequest(point, at, (server) => bid(market.fspAt(server), revision))
      const { body, status } = await bid(market.fspAt(market.server), revision)
      expect(status).toBe(200)
      const isKept = 'then' in point && point.then === 'done'
      expect(body).toMatchObject({ revision, submittedAt: isKept ? before : repeated })
      const audited = await market.rig.db.$client`
        select from audit_entry where action = 'schedule.submitted' and subject_id = ${fuId}
          and detail->>'kind' = 'cost' and (detail->>'revision')::int = ${revision}`
      expect(audited.length).toBe(1)
    })

    test('after its gate no price is accepted', async () => {
      await market.passTo(Instant.parse(`${rigDay}T${gate}:00Z`))
      expect((await bid(market.fspAt(market.server), revision + 1)).status).toBe(409)
      // The first tick of a new system, before which none is owed.
      await nextTick()
      await market.passTo(tick)
    })

    test.each(toTheFsp(product, { isOptimised: true }))('%s: nothing is lost, late or doubled', async (_, point) => {
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

  test('FM09 through all of it no tick was missed', async () => {
    const outcomes = await market.rig.db.$client`
      select outcome, count(*)::int as n from dispatch_cycle
      where product = ${product} and starts_at >= ${`${rigDay}T06:00:00Z`} and done_at is not null group by 1`
    expect(outcomes).toEqual([{ outcome: 'issued', n: windows.length }])
  })

  test('FA10 each of these quarter-hours is settled once, at the price that its gate accepted', async () => {
    const { rig } = market
    const starts = periodStarts(LocalDate.parse(day), 'PT15M').map(String)
    const readings = starts.map((at) => ({
      at,
      energyWh: windows.includes(at) ? 2_000 : 12_000,
      quality: 'measured',
    }))
    await rig.clock.advanceTo(Instant.parse('2026-02-02T09:00:00Z'))
    const fsp = await rig.server.tokenClient(rig.fsp.clientId, rig.fsp.clientSecret)
    const uploaded = await fsp.ask(operations.uploadReadings, {
      body: { fuId, meterId: 'm1', resolution: 'PT15M', stamp: 'period-start', revision: 1, readings },
    })
    expect(uploaded.status).toBe(200)
    const clerk = await rig.server.person('clara', 'settlement')
    const body = { fspId: rig.fsp.fspId, product, month: '2026-01' }
    const { body: made } = await clerk.ask(operations.prepareStatement, { body })
    const lines = (made.lines as SettledLine[]).filter((line) => line.instructedW !== null)
    // 10,000 Wh a quarter-hour at the bid, and £10 × 0.04 MW × ¼ h = 10p for being available.
    const pence = (from: string) => 10 + bidFor(starts.indexOf(from))
    expect(lines.map((l) => [l.from, l.instructedWh, l.utilisationGbpPerMwh, l.amountGbp])).toEqual(
      windows.map((from) => [from, 10_000, `${bidFor(starts.indexOf(from))}.00`, (pence(from) / 100).toFixed(2)]),
    )
  })
})

interface SettledLine {
  from: string
  instructedW: number | null
  instructedWh: number
  utilisationGbpPerMwh: string
  amountGbp: string
}
