import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import type { Reading } from '../../../schemas/grid/measurements.ts'
import { operations } from '../../../schemas/operations.ts'
import { hubConditionSettings } from '../../../schemas/settings/telemetry.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { startTestServer } from '../../../test/support/server.ts'
import { settleDelays } from '../alarms/index.ts'
import { gatewaysOf } from '../test/support/gateways.ts'
import { reading } from '../test/support/readings.ts'
import { saveTestNetwork, saveTestSite } from '../test/support/site.ts'
import { conditionsOf, decodeConditions, encodeConditions } from './condition-rules.ts'

const { db, url } = await createTestDatabase('server')
const start = Instant.parse('2026-01-15T12:00:00Z')
const clock = new SimulatedClock(start.plusSeconds(600))
await saveTestNetwork(db)
const server = await startTestServer(url, clock)
const gateway = gatewaysOf(server)('gateway-1')
const operator = await server.person('olivia', 'operator')
const site = await saveTestSite(db, start)
let sequence = 0

async function send(seconds: number, readings: (at: Instant) => Reading[]): Promise<void> {
  const batch = { hubId: site.hubId, sequence: ++sequence, readings: readings(start.plusSeconds(seconds)) }
  expect((await gateway.ask(operations.storeMeasurements, { body: { batches: [batch] } })).status).toBe(200)
}

const volts =
  (l1: number | null, l2 = 230, l3 = 230) =>
  (at: Instant) => [
    reading(1, 'L1', 'voltage', l1, at),
    reading(1, 'L2', 'voltage', l2, at),
    reading(1, 'L3', 'voltage', l3, at),
  ]
const events = async () =>
  (await operator.ask(operations.listHubEvents, { params: { id: site.hubId } })).body.items.map(
    (e: { kind: string; event: string; phase: string; value: number }) => [e.event, e.kind, e.phase, e.value],
  )
const kinds = async () =>
  (await operator.ask(operations.listAlarms)).body.items.map((a: { kind: string; state: string }) => [a.kind, a.state])

// By hand, 230 V nominal: above 253.0 V too high, below 216.2 V too low, below 115 V lost.
test.each([
  [253, null],
  [253.1, 'over-voltage'],
  [216.2, null],
  [216.1, 'under-voltage'],
  [115, 'under-voltage'],
  [114.9, 'phase-loss'],
])('a phase at %s V is %s', (value, kind) => {
  const at = start.toString()
  const point = { ...reading(1, 'L1', 'voltage', value, start), deviceTime: null, receivedTime: at, measuredMs: 0 }
  const found = conditionsOf([point], [], hubConditionSettings.defaults)
  expect(found.map((condition) => condition.kind)).toEqual(kind === null ? [] : [kind])
  expect(decodeConditions(encodeConditions(found))).toEqual(found)
})

test('A19 a lost phase is an event at once and an alarm after its delay; a null value changes nothing; both end', async () => {
  await send(0, volts(230))
  expect(await events()).toEqual([])
  await send(60, volts(3))
  expect(await events()).toEqual([['began', 'phase-loss', 'L1', 3]])
  expect(await kinds()).toEqual([])
  await send(120, volts(null))
  await settleDelays(server.context, clock.now().plusSeconds(60))
  expect(await kinds()).toEqual([['phase-loss', 'unacknowledged']])
  await send(180, volts(231))
  expect((await events())[0]).toEqual(['ended', 'phase-loss', 'L1', 3])
  await settleDelays(server.context, clock.now().plusSeconds(60))
  expect(await kinds()).toEqual([['phase-loss', 'cleared-unacknowledged']])
})

test('A19 a hub that reports a fault or is hot raises its alarms at once', async () => {
  await send(240, (at) => [reading(0, 'none', 'status', 0, at), reading(0, 'none', 'temperature', 61, at)])
  expect(await kinds()).toEqual(
    expect.arrayContaining([
      ['hub-fault', 'unacknowledged'],
      ['hub-hot', 'unacknowledged'],
    ]),
  )
  await send(300, (at) => [reading(0, 'none', 'status', 1, at), reading(0, 'none', 'temperature', 25, at)])
  expect(await kinds()).toEqual(
    expect.arrayContaining([
      ['hub-fault', 'cleared-unacknowledged'],
      ['hub-hot', 'cleared-unacknowledged'],
    ]),
  )
})
