import { randomUUID } from 'node:crypto'
import { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import { poolForm } from '../../../schemas/grid/gateway.ts'
import { sequencesPerEpoch } from '../../../schemas/grid/measurements.ts'
import { operations } from '../../../schemas/operations.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { startTestServer } from '../../../test/support/server.ts'
import { shardOf, shardsPerPool } from '../hubs/holders.ts'
import { gridJobs } from '../index.ts'
import { gatewaysOf } from '../test/support/gateways.ts'
import { powerBatch } from '../test/support/readings.ts'
import { saveTestNetwork, saveTestSite } from '../test/support/site.ts'
import { certificatePriority } from './gateway-alarms.ts'
import { liveGateways, planShards, type ShardLease } from './rules.ts'

const { db, url } = await createTestDatabase('server')
const start = Instant.parse('2026-01-15T12:00:00Z')
const clock = new SimulatedClock(start)
const server = await startTestServer(url, clock)
const gateway = gatewaysOf(server)
const operator = await server.person('olivia', 'operator')
beforeAll(async () => {
  await saveTestNetwork(db)
  gridJobs(server.context)
})

describe('the even share', () => {
  const lease = (shard: number, gatewayId: string | null, leaseUntilMs: number | null = null): ShardLease => ({
    shard,
    gatewayId,
    leaseUntilMs,
  })

  test('a single gateway has every shard; with a second it releases half, which the second claims', () => {
    const none = Array.from({ length: 4 }, (_, n) => lease(n, null))
    expect(planShards(none, ['a'], 'a', 0)).toEqual({ keep: [], claim: [0, 1, 2, 3], release: [] })
    const all = none.map(({ shard }) => lease(shard, 'a', 60))
    expect(planShards(all, ['a', 'b'], 'b', 0)).toEqual({ keep: [], claim: [], release: [] })
    expect(planShards(all, ['a', 'b'], 'a', 0)).toEqual({ keep: [0, 1], claim: [], release: [2, 3] })
    const half = all.map((s) => (s.shard < 2 ? s : lease(s.shard, null)))
    expect(planShards(half, ['a', 'b'], 'b', 0)).toEqual({ keep: [], claim: [2, 3], release: [] })
  })

  test('an expired lease is claimed by others, or kept by its owner if it asks first', () => {
    const shards = [lease(0, 'a', 100), lease(1, 'b', 200)]
    expect(planShards(shards, ['b'], 'b', 100)).toEqual({ keep: [1], claim: [0], release: [] })
    expect(planShards(shards, ['a', 'b'], 'a', 150)).toEqual({ keep: [0], claim: [], release: [] })
  })

  test('a gateway with an expired lease is not counted, even if it asked a moment ago; a new one is', () => {
    const members = [
      { gatewayId: 'dead', askedMs: 99 },
      { gatewayId: 'new', askedMs: 90 },
      { gatewayId: 'well', askedMs: 90 },
      { gatewayId: 'absent', askedMs: 10 },
      { gatewayId: 'never', askedMs: null },
    ]
    expect(liveGateways(members, [lease(0, 'dead', 100), lease(1, 'well', 130)], 100, 60)).toEqual(['new', 'well'])
  })

  test('as gateways come and go, each shard is held exactly once after all have asked twice, and shares are even', () => {
    const names = ['a', 'b', 'c', 'd', 'e']
    fc.assert(
      fc.property(fc.array(fc.subarray(names, { minLength: 1 }), { minLength: 1, maxLength: 8 }), (rounds) => {
        let shards = Array.from({ length: shardsPerPool }, (_, n) => lease(n, null))
        let nowMs = 0
        for (const live of rounds) {
          // Long enough for the leases of those who are gone to run out.
          nowMs += 100
          for (const me of [...live, ...live, ...live]) {
            const { keep, claim, release } = planShards(shards, live, me, nowMs)
            const taken = claim.map((n) => shards[n] as ShardLease)
            expect(taken.every((s) => s.gatewayId === null || (s.leaseUntilMs ?? 0) <= nowMs)).toBe(true)
            shards = shards.map((s) => {
              if (release.includes(s.shard)) return lease(s.shard, null)
              return keep.includes(s.shard) || claim.includes(s.shard) ? lease(s.shard, me, nowMs + 60) : s
            })
          }
          const sizes = live.map((me) => shards.filter((s) => s.gatewayId === me).length)
          expect(sizes.reduce((a, b) => a + b)).toBe(shardsPerPool)
          expect(Math.max(...sizes)).toBeLessThanOrEqual(Math.ceil(shardsPerPool / live.length))
        }
      }),
    )
  })

  test('hubs are spread evenly over shards', () => {
    const counts = Array<number>(shardsPerPool).fill(0)
    for (let n = 0; n < 10_000; n++) {
      const shard = shardOf(`00000000-0000-4000-8000-${String(n).padStart(12, '0')}`)
      counts[shard] = (counts[shard] ?? 0) + 1
    }
    expect(Math.min(...counts)).toBeGreaterThan(100)
    expect(Math.max(...counts)).toBeLessThan(220)
  })
})

let made = 0

/** A pool of two gateways with hubs. */
async function newPool(hubs: number) {
  const number = ++made
  const [name, a, b] = [`pool-${number}`, `a-${number}`, `b-${number}`]
  const put = (gateways: string[], condition: Record<string, string>, leaseS = 60) =>
    operator.ask(operations.savePool, { params: { name }, body: { leaseS, gateways } }, condition)
  await put([a, b], { 'if-none-match': '*' })
  const hubIds: string[] = []
  for (let n = 0; n < hubs; n++)
    hubIds.push((await saveTestSite(db, clock.now(), { hub: { gatewayId: null, pool: name } })).hubId)
  const ask = async (who: string) => {
    const { body, headers } = await gateway(who).ask(operations.readAssignment)
    const given = body.hubs as { hubId: string; storedSequence: number }[]
    return { hubs: new Map(given.map((h) => [h.hubId, h.storedSequence])), body, leaseS: headers.get('lease-seconds') }
  }
  const post = (who: string, ...batches: object[]) =>
    gateway(who).ask(operations.storeMeasurements, { body: { batches } })
  return { name, a, b, hubIds, ask, post, put }
}

const pass = (seconds: number) => clock.advanceTo(clock.now().plusSeconds(seconds))
const stored = async (hubId: string) =>
  Number((await db.execute(sql`select count(*) as n from measurement where hub_id = ${hubId}`))[0]?.['n'])

describe('leases', () => {
  test('two gateways share the hubs of a pool, and each is told how long it holds them', async () => {
    const { name, a, b, hubIds, ask } = await newPool(12)
    const first = await ask(a)
    expect(first.hubs.size).toBe(12)
    expect(first.body.leaseUntil).toBe(clock.now().plusSeconds(60).toString())
    expect(first.leaseS).toBe('60')
    expect((await ask(b)).hubs.size).toBe(0)
    const [of, others] = [await ask(a), await ask(b)]
    expect([...of.hubs.keys(), ...others.hubs.keys()].toSorted()).toEqual(hubIds.toSorted())
    const { body: pool } = await operator.ask(operations.readPool, { params: { name } })
    expect(pool.gateways).toMatchObject([
      { gatewayId: a, shards: 32, hubs: of.hubs.size },
      { gatewayId: b, shards: 32, hubs: others.hubs.size },
    ])
    // What b got is a new epoch there: numbers go on behind all that a could have given.
    for (const sequence of others.hubs.values()) expect(sequence).toBe(2 * sequencesPerEpoch)
  })

  test('a 304 renews a lease like a full answer', async () => {
    const { a, b, ask } = await newPool(2)
    await ask(a)
    const first = await gateway(a).ask(operations.readAssignment)
    for (let n = 0; n < 4; n++) {
      await pass(30)
      const again = await gateway(a).ask(
        operations.readAssignment,
        {},
        {
          'if-none-match': first.headers.get('etag') ?? '',
        },
      )
      expect([again.status, again.headers.get('lease-seconds')]).toEqual([304, '60'])
    }
    expect((await ask(b)).hubs.size).toBe(0)
  })

  test('a gateway that stops asking loses its hubs when its lease ends, not before; it gets half of them back on its return', async () => {
    // Their shards are chance: of forty hubs, half of the shards have one for sure.
    const { a, b, hubIds, ask } = await newPool(40)
    await ask(a)
    await ask(b)
    const kept = (await ask(a)).hubs.size
    await ask(b)
    await pass(40)
    expect((await ask(b)).hubs.size).toBe(40 - kept)
    await pass(20)
    expect([...(await ask(b)).hubs.keys()].toSorted()).toEqual(hubIds.toSorted())
    expect((await ask(a)).hubs.size).toBe(0)
    await ask(b)
    expect((await ask(a)).hubs.size).toBeGreaterThan(0)
  })

  test('a gateway that stops releases its hubs at once', async () => {
    const { a, b, ask } = await newPool(4)
    await ask(a)
    expect((await gateway(a).ask(operations.endLease, { text: '' }, {})).status).toBe(204)
    expect((await ask(b)).hubs.size).toBeGreaterThan(0)
  })

  test('a hub registered in a pool at work is polled from the next answer on', async () => {
    const { name, a, ask } = await newPool(1)
    await ask(a)
    const { hubId } = await saveTestSite(db, clock.now(), { hub: { gatewayId: null, pool: name } })
    expect((await ask(a)).hubs.has(hubId)).toBe(true)
  })

  test('FM21 readings taken before a gateway lost a hub are stored whenever they arrive, once, beside its successor’s', async () => {
    const { a, b, hubIds, ask, post } = await newPool(1)
    const hubId = hubIds[0] as string
    const epoch1 = (await ask(a)).hubs.get(hubId) as number
    const at = clock.now()
    await post(a, powerBatch(hubId, epoch1 + 1, [1, 2, 3], at))
    // a takes two more, and dies before it can deliver them.
    const late = [2, 3].map((n) => powerBatch(hubId, epoch1 + n, [n, n, n], at))
    await pass(61)
    const epoch2 = (await ask(b)).hubs.get(hubId) as number
    expect(epoch2).toBe(epoch1 + sequencesPerEpoch)
    await post(b, powerBatch(hubId, epoch2 + 1, [7, 8, 9], clock.now()))
    const answer = await post(a, ...late)
    expect(answer).toMatchObject({
      status: 200,
      body: { hubs: [{ hubId, storedSequence: epoch1 + 3, storedReadings: 18 }] },
    })
    expect((await post(a, ...late)).body.hubs).toEqual([{ hubId, storedSequence: epoch1 + 3, storedReadings: 0 }])
    expect(await stored(hubId)).toBe(4 * 9)
    expect((await ask(b)).hubs.get(hubId)).toBe(epoch2 + 1)
    const newest = (await operator.ask(operations.readNewestReadings, { params: { id: hubId } })).body
    expect(newest.find((r: { feeder: number }) => r.feeder === 3).value).toBe(3)
  })

  test('a gateway that has lost a hub can neither use its successor’s epoch nor report on the hub', async () => {
    const { a, b, hubIds, ask, post } = await newPool(1)
    const hubId = hubIds[0] as string
    const old = (await ask(a)).hubs.get(hubId) as number
    await pass(61)
    const present = (await ask(b)).hubs.get(hubId) as number
    const at = clock.now()
    const foreign = await post(
      a,
      powerBatch(hubId, old + 1, [1, 1, 1], at),
      powerBatch(hubId, present + 1, [2, 2, 2], at),
    )
    expect(foreign).toMatchObject({ status: 404, body: { errors: [{ field: 'batches[1].hubId' }] } })
    expect((await post(b, powerBatch(hubId, old + 1, [1, 1, 1], at))).status).toBe(404)
    expect(await stored(hubId)).toBe(0)
    const report = { hubId, link: 'online', lastAnswerAt: null, polls: 1, failedPolls: 1, malformedFrames: 0 }
    await gateway(a).ask(operations.reportHubs, {
      body: {
        hubs: [{ ...report, unmappedPoints: 0, clockDriftMs: null }],
      },
    })
    const hubs = (await operator.ask(operations.listHubs)).body
    expect(hubs).toContainEqual(expect.objectContaining({ hubId, link: 'never-seen', polls: 0 }))
  })

  test('a hub reassigned by hand keeps what its first gateway has yet to deliver', async () => {
    const site = await saveTestSite(db, clock.now(), { gatewayId: 'by-hand-1' })
    const { hubId, ...form } = (await operator.ask(operations.readRegistration, { params: { id: site.hubId } })).body
    const { etag, ...rest } = form
    const body = { ...rest, gatewayId: 'by-hand-2' }
    await operator.ask(operations.registerHub, { params: { id: hubId }, body, version: etag })
    const late = powerBatch(hubId, 1, [1, 2, 3], clock.now())
    expect(await gateway('by-hand-1').ask(operations.storeMeasurements, { body: { batches: [late] } })).toMatchObject({
      status: 200,
    })
    const next = powerBatch(hubId, sequencesPerEpoch + 1, [1, 2, 3], clock.now())
    expect(await gateway('by-hand-2').ask(operations.storeMeasurements, { body: { batches: [next] } })).toMatchObject({
      status: 200,
    })
    expect(await stored(hubId)).toBe(18)
  })

  test('gateways that ask at the same time never share a hub', async () => {
    const { name, hubIds, put, ask } = await newPool(20)
    const names = Array.from({ length: 5 }, (_, n) => `${name}-g${n}`)
    const { etag } = (await operator.ask(operations.readPool, { params: { name } })).body
    await put(names, { 'if-match': `"${etag}"` })
    for (let round = 0; round < 4; round++) {
      const answers = await Promise.all(names.map(ask))
      const all = answers.flatMap(({ hubs }) => [...hubs.keys()])
      expect(new Set(all).size).toBe(all.length)
      if (round === 3) expect(all.toSorted()).toEqual(hubIds.toSorted())
    }
  })

  test('FM15 pools are edited by version; a gateway is in at most one, and has no hubs once removed', async () => {
    const { name, a, b, ask, put } = await newPool(3)
    await ask(a)
    expect((await put([a], { 'if-none-match': '*' })).status).toBe(412)
    expect((await put([a], {})).status).toBe(428)
    const { etag } = (await operator.ask(operations.readPool, { params: { name } })).body
    const other = await newPool(0)
    expect((await put([a, other.a], { 'if-match': `"${etag}"` })).status).toBe(409)
    expect((await put([b], { 'if-match': `"${etag}"` })).status).toBe(200)
    expect((await ask(a)).hubs.size).toBe(0)
    expect((await ask(b)).hubs.size).toBe(3)
    expect(poolForm.parse(poolForm.meta()?.['example'])).toEqual({ leaseS: 60, gateways: ['gateway-1', 'gateway-2'] })
  })
})

describe('alarms about gateways', () => {
  const alarmsOf = async (id: string) =>
    (await operator.ask(operations.listAlarms)).body.items.filter((a: { source: { id: string } }) => a.source.id === id)
  const report = (who: string, given: object) =>
    gateway(who).ask(operations.reportHubs, {
      body: {
        hubs: [],
        gateway: {
          waitingReadings: 7,
          spoolBytes: 100,
          maxSpoolBytes: 100,
          spoolFull: false,
          refusedReadings: 0,
          refusedBatches: 0,
          certificateEndsAt: null,
          ...given,
        },
      },
    })

  test('NM06 a dead gateway is one alarm even if others poll its hubs, and the alarm clears on its return', async () => {
    const { a, b, ask, hubIds, post } = await newPool(6)
    await ask(a)
    await ask(b)
    await ask(a)
    const renew = async (who: string) => {
      const { hubs } = await ask(who)
      const batches = [...hubs].map(([id, sequence]) => powerBatch(id, sequence + 1, [1, 1, 1], clock.now()))
      if (batches.length > 0) await post(who, ...batches)
      return hubs
    }
    for (let n = 0; n < 10; n++) {
      await pass(30)
      await renew(b)
    }
    const [gone] = await alarmsOf(a)
    expect(gone).toMatchObject({
      kind: 'communication-failure',
      message: expect.stringContaining('have taken over its hubs'),
    })
    expect((await renew(b)).size).toBe(6)
    for (const hubId of hubIds) expect(await alarmsOf(hubId)).toEqual([])
    for (let n = 0; n < 4; n++) {
      await pass(30)
      await renew(a)
      await renew(b)
    }
    expect(await alarmsOf(a)).toMatchObject([{ state: 'cleared-unacknowledged' }])
  })

  test('NM06 hubs that no gateway has claimed are one alarm, which ends when one does', async () => {
    const { name, a, ask, hubIds, post } = await newPool(3)
    const nobody = `pool ${name}`
    await pass(300)
    expect(await alarmsOf(nobody)).toMatchObject([{ kind: 'communication-failure', state: 'unacknowledged' }])
    for (const hubId of hubIds) expect(await alarmsOf(hubId)).toEqual([])
    const hubs = (await operator.ask(operations.listHubs)).body.filter((h: { pool: string }) => h.pool === name)
    expect(hubs.map((h: { gatewayId?: string }) => h.gatewayId)).toEqual([undefined, undefined, undefined])
    for (let n = 0; n < 3; n++) {
      const given = (await ask(a)).hubs
      await post(a, ...[...given].map(([id, sequence]) => powerBatch(id, sequence + 1, [1, 1, 1], clock.now())))
      await pass(30)
    }
    expect(await alarmsOf(nobody)).toMatchObject([{ state: 'cleared-unacknowledged' }])
    for (const hubId of hubIds) expect(await alarmsOf(hubId)).toEqual([])
  })

  test('a full spool raises an alarm until there is room again', async () => {
    await report('full-1', { spoolFull: true, refusedReadings: 260 })
    expect(await alarmsOf('full-1')).toMatchObject([
      { kind: 'measurements-refused', priority: 'critical', message: expect.stringContaining('260 have been refused') },
    ])
    await report('full-1', { refusedReadings: 260 })
    expect(await alarmsOf('full-1')).toMatchObject([{ state: 'cleared-unacknowledged' }])
  })

  test('FM31 a certificate that expires in 30, 7 and 1 days raises alarms of rising priority, until it is renewed', async () => {
    const day = 86_400
    const priorityIn = async (days: number) => {
      await report('tls-1', {
        certificateEndsAt: clock
          .now()
          .plusSeconds(days * day)
          .toString(),
      })
      return (await alarmsOf('tls-1'))[0]?.priority
    }
    expect([await priorityIn(31), await priorityIn(29), await priorityIn(6.9), await priorityIn(0.5)]).toEqual([
      ...[undefined, 'low', 'high', 'critical'],
    ])
    await priorityIn(400)
    expect(await alarmsOf('tls-1')).toMatchObject([{ state: 'cleared-unacknowledged' }])
    expect([30, 7, 1].map((days) => certificatePriority(days * day * 1000, 0))).toEqual(['low', 'high', 'critical'])
  })

  test('a gateway that has never been heard raises no alarm', async () => {
    await newPool(0)
    await pass(600)
    expect(await alarmsOf(`a-${made}`)).toEqual([])
    expect(await alarmsOf(randomUUID())).toEqual([])
  })
})
