import { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import type { Phase, Reading } from '../../../schemas/grid/measurements.ts'
import { operations } from '../../../schemas/operations.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { startTestServer } from '../../../test/support/server.ts'
import { saveHub } from '../hubs/index.ts'
import { gatewaysOf } from '../test/support/gateways.ts'
import { reading } from '../test/support/readings.ts'
import { saveTestNetwork, saveTestSite } from '../test/support/site.ts'
import { rollUp } from './rollup.ts'

const { db, url } = await createTestDatabase('server')
/** Half an hour before the clocks go forward in London. */
const start = Instant.parse('2026-03-29T00:30:00Z')
const clock = new SimulatedClock(start.plusSeconds(12 * 3_600))
await saveTestNetwork(db)
const server = await startTestServer(url, clock)
const gateway = gatewaysOf(server)('gateway-1')
const planner = await server.person('priya', 'planner')

const halfHourS = 1_800
const spanS = 4 * halfHourS

/** A value of a point and the second at which it was true; `late`: it arrives after everything was rolled up once. */
interface Sent {
  second: number
  phase: Phase
  watts: number | null
  late: boolean
}

interface Case {
  timeoutS: number
  /** Phases whose values the gateway leaves out within a dead band. */
  held: readonly Phase[]
  sent: readonly Sent[]
  /** Seconds at which the hub answered, in order. */
  answered: readonly number[]
}

const phases: readonly Phase[] = ['L1', 'L2', 'L3']

const cases: fc.Arbitrary<Case> = fc.record({
  timeoutS: fc.constantFrom(60, 180, 900, 2_400, 5_000),
  held: fc.subarray([...phases]),
  sent: fc.array(
    fc.record({
      second: fc.nat(spanS - 1),
      phase: fc.constantFrom(...phases),
      watts: fc.option(fc.integer({ min: -20_000, max: 90_000 }), { nil: null, freq: 8 }),
      late: fc.boolean(),
    }),
    { minLength: 1, maxLength: 25 },
  ),
  answered: fc.array(fc.nat(spanS - 1), { maxLength: 40 }).map((all) => all.toSorted((a, b) => a - b)),
})

/** The last second up to which heartbeats prove a value that was true at `second`; the value's own time-out without any. */
function provenTo({ answered, timeoutS }: Case, second: number): number {
  let to = second
  const spans: { from: number; to: number }[] = []
  for (const at of answered) {
    const last = spans.at(-1)
    if (last && at <= last.to + timeoutS) last.to = at
    else spans.push({ from: at, to: at })
  }
  for (const span of spans) if (span.from <= second + timeoutS && span.to >= second) to = Math.max(to, span.to)
  return to + timeoutS
}

/** The sum of the three phases at a second, W; `null` where one is unknown. Later arrivals count of two with the same time. */
function loadAt(given: Case, order: readonly Sent[], second: number): number | null {
  let sum = 0
  for (const phase of phases) {
    const own = order.filter((s) => s.phase === phase && s.second <= second)
    const last = own.reduce<Sent | undefined>((best, s) => (best && best.second > s.second ? best : s), undefined)
    if (last === undefined || last.watts === null) return null
    const until = given.held.includes(phase) ? provenTo(given, last.second) : last.second + given.timeoutS
    if (second >= until) return null
    sum += last.watts
  }
  return sum
}

/** The naive roll-up: every second of every half-hour by itself. */
function naive(given: Case, order: readonly Sent[], halfHours: number) {
  return Array.from({ length: halfHours }, (_, n) => n).flatMap((n) => {
    const loads = Array.from({ length: halfHourS }, (_, s) => loadAt(given, order, n * halfHourS + s))
    const known = loads.filter((w) => w !== null)
    if (known.length === 0) return []
    const meanW = known.reduce((a, b) => a + b, 0) / known.length
    const at = start.plusSeconds(n * halfHourS).toString()
    return [{ at, meanW, maxW: Math.max(...known), completeness: known.length / halfHourS }]
  })
}

let sequence = 0

async function send(hubId: string, sent: readonly Sent[]): Promise<void> {
  if (sent.length === 0) return
  const readings: Reading[] = sent.map(({ second, phase, watts, late }) => {
    const at = start.plusSeconds(second)
    const received = late ? at.plusSeconds(3 * 3_600) : at
    return reading(1, phase, 'active-power', watts, received, late ? { deviceTime: at.toString() } : {})
  })
  // One batch each: of two values with the same time, the one that arrives later counts.
  const batches = readings.map((r) => ({ hubId, sequence: ++sequence, readings: [r] }))
  expect((await gateway.ask(operations.storeMeasurements, { body: { batches } })).status).toBe(200)
}

async function rolledUp(given: Case) {
  const { connectionId, hubId } = await saveTestSite(db, start)
  await saveHub(db, start, {
    hubId,
    name: 'Hub',
    connectionId,
    nodeId: null,
    host: '127.0.0.1',
    port: 1,
    localAddress: 1,
    remoteAddress: 2,
    integrityPollS: 60,
    timeoutS: given.timeoutS,
    gatewayId: 'gateway-1',
    feeders: [{ feeder: 1, role: 'building', connectionId }],
    pointMap: phases.map((phase, index) => ({
      group: 30,
      index,
      feeder: 1,
      phase,
      quantity: 'active-power',
      scale: 1,
      deadBand: given.held.includes(phase) ? 50 : 0,
    })),
  })
  const order = [...given.sent.filter((s) => !s.late), ...given.sent.filter((s) => s.late)]
  await send(
    hubId,
    order.filter((s) => !s.late),
  )
  for (const second of given.answered) {
    const counts = { polls: 1, failedPolls: 0, malformedFrames: 0, unmappedPoints: 0, clockDriftMs: null }
    const lastAnswerAt = start.plusSeconds(second).toString()
    const body = { hubs: [{ hubId, link: 'online' as const, lastAnswerAt, ...counts }] }
    expect((await gateway.ask(operations.reportHubs, { body })).status).toBeLessThan(300)
  }
  await rollUp(server.context, clock.now())
  await send(
    hubId,
    order.filter((s) => s.late),
  )
  await rollUp(server.context, clock.now())
  const query = { from: start, to: start.plusSeconds(8 * halfHourS) }
  const { body } = await planner.ask(operations.readConnectionHalfHours, { params: { id: connectionId }, query })
  await db.execute(sql`delete from measurement where hub_id = ${hubId}::uuid`)
  return { rolled: body as ReturnType<typeof naive>, order }
}

test('roll-ups agree with the naive one over dead bands, late data, time-outs and a clock change', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async (given) => {
      const { rolled, order } = await rolledUp(given)
      const expected = naive(given, order, 8)
      expect(rolled.map((h) => h.at)).toEqual(expected.map((h) => h.at))
      for (const [n, { meanW, maxW, completeness }] of expected.entries()) {
        expect(rolled[n]?.meanW).toBeCloseTo(meanW, 4)
        expect(rolled[n]?.maxW).toBeCloseTo(maxW, 4)
        expect(rolled[n]?.completeness).toBeCloseTo(completeness, 9)
      }
    }),
    { numRuns: 15, endOnFailure: true },
  )
}, 120_000)
