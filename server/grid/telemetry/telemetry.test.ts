import { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import type { Reading } from '../../../schemas/grid/measurements.ts'
import { operations } from '../../../schemas/operations.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { startTestServer } from '../../../test/support/server.ts'
import { gatewaysOf } from '../test/support/gateways.ts'
import { powerBatch, powers, reading } from '../test/support/readings.ts'
import { saveTestNetwork, saveTestSite } from '../test/support/site.ts'

const { db, url } = await createTestDatabase('server')
const start = Instant.parse('2026-01-15T12:00:00Z')
await saveTestNetwork(db)
const clock = new SimulatedClock(start)
const server = await startTestServer(url, clock)
const gateway = gatewaysOf(server)
const operator = await server.person('olivia', 'operator')
const post = (gatewayId: string, ...batches: unknown[]) =>
  gateway(gatewayId).ask(operations.storeMeasurements, { body: { batches } })
const stored = async (hubId: string) =>
  Number((await db.execute(sql`select count(*) as n from measurement where hub_id = ${hubId}`))[0]?.['n'])

describe('storing measurements', () => {
  test('NM01 measurements are stored and looked up with their quality and both times', async () => {
    const site = await saveTestSite(db, start)
    const deviceTime = start.minusMillis(400).toString()
    const readings = [
      reading(1, 'L1', 'voltage', 241.2, start, { deviceTime }),
      reading(1, 'L1', 'active-power', 12_000, start, { quality: 'questionable' }),
      reading(0, 'none', 'temperature', 21.5, start),
    ]
    const receipt = await post(site.gatewayId, { hubId: site.hubId, sequence: 1, readings })
    expect(receipt).toMatchObject({
      status: 200,
      body: { hubs: [{ hubId: site.hubId, storedSequence: 1, storedReadings: 3 }] },
    })
    const { body } = await operator.ask(operations.readNewestReadings, { params: { id: site.hubId } })
    expect(body).toEqual([
      expect.objectContaining({ quantity: 'temperature', value: 21.5, unit: 'degC', deviceTime: null }),
      expect.objectContaining({ quantity: 'voltage', value: 241.2, quality: 'good', deviceTime }),
      expect.objectContaining({ quantity: 'active-power', quality: 'questionable', receivedTime: start.toString() }),
    ])
    const hubs = (await operator.ask(operations.listHubs)).body
    expect(hubs).toContainEqual(expect.objectContaining({ hubId: site.hubId, lastMeasurementAt: start.toString() }))
    expect(server.announced).toContain('telemetry')
  })

  test('FM24 what is wrong with a device’s time is stored and looked up with the value', async () => {
    const site = await saveTestSite(db, start)
    const deviceTime = start.minusSeconds(2).toString()
    const readings = [
      reading(1, 'L1', 'voltage', 241.2, start, { deviceTime, timeFlag: 'unsynchronised' }),
      reading(1, 'L2', 'voltage', 240.1, start, { timeFlag: 'replaced' }),
      reading(1, 'L3', 'voltage', 239.9, start, { deviceTime }),
    ]
    expect((await post(site.gatewayId, { hubId: site.hubId, sequence: 1, readings })).status).toBe(200)
    const { body } = await operator.ask(operations.readNewestReadings, { params: { id: site.hubId } })
    const seen = body.map((r: Partial<Reading>) => [r.phase, r.deviceTime, r.timeFlag])
    expect(seen).toEqual([
      ['L1', deviceTime, 'unsynchronised'],
      ['L2', null, 'replaced'],
      ['L3', deviceTime, undefined],
    ])
    const rows = await db.execute(sql`select time_flag from measurement where hub_id = ${site.hubId} order by phase`)
    expect(rows.map((row) => row['time_flag'])).toEqual(['unsynchronised', 'replaced', null])
  })

  test('FM12 null, 0 and missing stay apart', async () => {
    const site = await saveTestSite(db, start)
    await post(site.gatewayId, {
      hubId: site.hubId,
      sequence: 1,
      readings: [reading(1, 'L1', 'current', 0, start), reading(1, 'L2', 'current', null, start)],
    })
    const { body } = await operator.ask(operations.readNewestReadings, { params: { id: site.hubId } })
    expect(body.map((r: { phase: string; value: number | null }) => [r.phase, r.value])).toEqual([
      ['L1', 0],
      ['L2', null],
    ])
  })

  test('FM21 a batch sent again, or twice in one post, is stored once', async () => {
    const site = await saveTestSite(db, start)
    const [first, second] = [1, 2].map((n) => powerBatch(site.hubId, n, [10, 20, 30], start.plusSeconds(n)))
    expect((await post(site.gatewayId, first, first)).body.hubs[0].storedReadings).toBe(9)
    const again = await post(site.gatewayId, first, second)
    expect(again.body.hubs).toEqual([{ hubId: site.hubId, storedSequence: 2, storedReadings: 9 }])
    expect(await stored(site.hubId)).toBe(18)
  })

  test('FM21 a late measurement is stored and does not replace a newer one', async () => {
    const site = await saveTestSite(db, start)
    await post(site.gatewayId, powerBatch(site.hubId, 2, [30, 30, 30], start))
    const late = await post(site.gatewayId, powerBatch(site.hubId, 1, [90, 90, 90], start.minusSeconds(300)))
    expect(late.body.hubs[0]).toMatchObject({ storedSequence: 2, storedReadings: 9 })
    const { body } = await operator.ask(operations.readNewestReadings, { params: { id: site.hubId } })
    expect(body.map((r: { value: number }) => r.value)).toEqual(Array(9).fill(10))
    expect(await stored(site.hubId)).toBe(18)
  })

  test('FM21 simultaneous posts of the same batches store them once', async () => {
    const site = await saveTestSite(db, start)
    const batches = Array.from({ length: 20 }, (_, n) => powerBatch(site.hubId, n + 1, [1, 2, 3], start))
    const answers = await Promise.all([
      post(site.gatewayId, ...batches),
      post(site.gatewayId, ...batches.toReversed()),
      post(site.gatewayId, ...batches.slice(5)),
    ])
    expect(answers.map((a) => a.status)).toEqual([200, 200, 200])
    expect(answers.reduce((sum, a) => sum + a.body.hubs[0].storedReadings, 0)).toBe(180)
    expect(await stored(site.hubId)).toBe(180)
  })
})

describe('refusals store nothing', () => {
  test('a hub of another gateway refuses the whole post and is named', async () => {
    const [own, other] = [await saveTestSite(db, start), await saveTestSite(db, start, { gatewayId: 'gateway-2' })]
    const refused = await post(
      own.gatewayId,
      powerBatch(own.hubId, 1, [1, 2, 3], start),
      powerBatch(other.hubId, 1, [1, 2, 3], start),
    )
    expect(refused).toMatchObject({ status: 404, body: { errors: [{ field: 'batches[1].hubId' }] } })
    expect([await stored(own.hubId), await stored(other.hubId)]).toEqual([0, 0])
  })

  test('a time of receipt in the future, or beyond the retention time, is named', async () => {
    const site = await saveTestSite(db, start)
    for (const at of [start.plusSeconds(7_200), start.minusSeconds(36 * 86_400)]) {
      const refused = await post(site.gatewayId, powerBatch(site.hubId, 1, [1, 2, 3], at))
      expect(refused).toMatchObject({
        status: 422,
        body: { errors: [{ field: 'batches[0].readings[0].receivedTime' }] },
      })
    }
    expect(await stored(site.hubId)).toBe(0)
  })

  test('a wrong unit, an unknown quality, a person: each gets its own answer', async () => {
    const site = await saveTestSite(db, start)
    const one = (given: object) => ({
      hubId: site.hubId,
      sequence: 1,
      readings: [{ ...reading(1, 'L1', 'voltage', 240, start), ...given }],
    })
    expect(await post(site.gatewayId, one({ unit: 'kV' }))).toMatchObject({ status: 422 })
    expect(await post(site.gatewayId, one({ unit: 'A' }))).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'batches[0].readings[0].unit' }] },
    })
    expect(await post(site.gatewayId, one({ quality: 'fine' }))).toMatchObject({ status: 422 })
    expect(await operator.ask(operations.storeMeasurements, { body: { batches: [one({})] } })).toMatchObject({
      status: 403,
    })
    expect(await server.client().ask(operations.storeMeasurements, { body: { batches: [one({})] } })).toMatchObject({
      status: 401,
    })
    expect(await stored(site.hubId)).toBe(0)
  })
})

describe('what gateways ask and report', () => {
  test('a gateway gets its own hubs, their points and where to continue', async () => {
    const site = await saveTestSite(db, start, { gatewayId: 'gateway-3' })
    await post('gateway-3', powerBatch(site.hubId, 7, [1, 2, 3], start))
    const { body } = await gateway('gateway-3').ask(operations.readAssignment)
    expect(body.hubs).toHaveLength(1)
    expect(body.hubs[0]).toMatchObject({ hubId: site.hubId, storedSequence: 7, remoteAddress: 10 })
    expect(body.pointMaps[body.hubs[0].pointMapName]).toHaveLength(3 * 12 + 2)
  })

  test('points that a hub’s map does not know, and what it complains of, are named until that is over', async () => {
    const site = await saveTestSite(db, start)
    const report = (given: object) =>
      gateway(site.gatewayId).ask(operations.reportHubs, {
        body: {
          hubs: [
            {
              hubId: site.hubId,
              link: 'online',
              lastAnswerAt: null,
              polls: 1,
              failedPolls: 0,
              malformedFrames: 0,
              unmappedPoints: 2,
              clockDriftMs: null,
              ...given,
            },
          ],
        },
      })
    const listed = async () =>
      (await operator.ask(operations.listHubs)).body.find((h: { hubId: string }) => h.hubId === site.hubId)
    await report({ unmapped: ['g30:77', 'g1:5'], complaints: ['g115v1', 'IIN2.2 parameterError'] })
    expect(await listed()).toMatchObject({
      unmapped: ['g30:77', 'g1:5'],
      complaints: ['g115v1', 'IIN2.2 parameterError'],
      link: 'online',
    })
    await report({})
    expect(await listed()).toMatchObject({ unmapped: [], complaints: [] })
  })

  test('FM24 a clock that drifts over 2 s is flagged with both times kept, and clears', async () => {
    const site = await saveTestSite(db, start)
    const deviceTime = start.plusSeconds(9).toString()
    await post(site.gatewayId, { hubId: site.hubId, sequence: 1, readings: powers([1, 2, 3], start, { deviceTime }) })
    const { body: values } = await operator.ask(operations.readNewestReadings, { params: { id: site.hubId } })
    expect(values[0]).toMatchObject({ deviceTime, receivedTime: start.toString() })
    const report = (clockDriftMs: number | null) =>
      gateway(site.gatewayId).ask(operations.reportHubs, {
        body: {
          hubs: [
            {
              hubId: site.hubId,
              link: 'online',
              lastAnswerAt: start.toString(),
              polls: 3,
              failedPolls: 1,
              malformedFrames: 2,
              unmappedPoints: 0,
              clockDriftMs,
            },
          ],
        },
      })
    const drifts = async () =>
      (await operator.ask(operations.listAlarms)).body.items.filter((a: { kind: string }) => a.kind === 'clock-drift')
    expect((await report(1_900)).status).toBe(204)
    expect(await drifts()).toEqual([])
    await report(9_000)
    expect(await drifts()).toMatchObject([{ state: 'unacknowledged', message: expect.stringContaining('9.0 s ahead') }])
    await report(null)
    expect(await drifts()).toMatchObject([{ state: 'unacknowledged' }])
    await report(-150)
    expect(await drifts()).toMatchObject([{ state: 'cleared-unacknowledged' }])
    const hubs = (await operator.ask(operations.listHubs)).body
    expect(hubs).toContainEqual(
      expect.objectContaining({ hubId: site.hubId, link: 'online', polls: 3, failedPolls: 1, malformedFrames: 2 }),
    )
  })
})
