import { Instant } from '@js-joda/core'
import { beforeAll, expect, test } from 'vitest'
import { operations } from '../../../schemas/operations.ts'
import { type DispatchRig, rigDay, startDispatchRig } from '../../../test/support/dispatch.ts'
import { registerFsp, registerUnit } from '../../../test/support/market.ts'
import { startTestServer } from '../../../test/support/server.ts'

let rig: DispatchRig
beforeAll(async () => {
  rig = await startDispatchRig(Instant.parse(`${rigDay}T17:00:00Z`))
})

interface Reading {
  at: string
  powerW: number
  derId?: string
}

const at = (time: string) => `${rigDay}T${time}Z`
const newUnit = (name: string) => registerUnit(rig.fsp.client, name, rig.mpan)
const send = (fuId: string, ...readings: Reading[]) =>
  rig.fsp.client.ask(operations.sendLiveReadings, { body: { fuId, readings } })
const list = (fuId: string, query = {}) =>
  rig.engineer.ask(operations.listLiveReadings, { params: { id: fuId }, query })

test('a batch again changes nothing; the DNO sees the readings, the latest first', async () => {
  const { fuId } = await newUnit('Once')
  const batch = [
    { at: at('16:50:00'), powerW: 18_000 },
    { at: at('16:55:00'), powerW: -2_000 },
  ]
  expect((await send(fuId, ...batch)).body).toEqual({ fuId, stored: 2, unchanged: 0, passedOver: [] })
  const more = { at: at('16:58:00'), powerW: 0 }
  expect((await send(fuId, ...batch, more)).body).toEqual({ fuId, stored: 1, unchanged: 2, passedOver: [] })
  const { items } = (await list(fuId)).body
  expect(items.map((one: Reading) => [one.at, one.powerW])).toEqual([
    [at('16:58:00'), 0],
    [at('16:55:00'), -2_000],
    [at('16:50:00'), 18_000],
  ])
  const first = (await list(fuId, { limit: 2 })).body
  expect((await list(fuId, { limit: 2, cursor: first.nextCursor })).body.items).toEqual(items.slice(2))
})

test('rejects a batch with another value for an instant, and keeps nothing of it', async () => {
  const { fuId } = await newUnit('Stands')
  await send(fuId, { at: at('16:50:00'), powerW: 18_000 })
  const answer = await send(fuId, { at: at('16:55:00'), powerW: 1 }, { at: at('16:50:00'), powerW: 17_000 })
  expect([answer.status, answer.body.detail]).toEqual([409, expect.stringContaining('readings[1]')])
  const twice = await send(fuId, { at: at('16:56:00'), powerW: 1 }, { at: at('16:56:00'), powerW: 1 })
  expect(twice).toMatchObject({ status: 422, body: { errors: [{ field: 'readings[1].at' }] } })
  expect((await list(fuId)).body.items).toMatchObject([{ at: at('16:50:00'), powerW: 18_000 }])
})

test('at 17:00, 17:02:00 today and 17:00:00 the day before are believed; a second beyond either is passed over and named', async () => {
  const { fuId } = await newUnit('Clock')
  const [now, dayBefore] = [rig.clock.now(), rig.clock.now().minusSeconds(86_400)]
  const times = [now.plusSeconds(120), now.plusSeconds(121), dayBefore, dayBefore.minusSeconds(1)].map(String)
  const { status, body } = await send(fuId, ...times.map((time) => ({ at: time, powerW: 5 })))
  expect([status, body]).toEqual([
    200,
    {
      fuId,
      stored: 2,
      unchanged: 0,
      passedOver: [
        { place: 1, at: times[1], reason: 'ahead' },
        { place: 3, at: times[3], reason: 'behind' },
      ],
    },
  ])
})

test('the DERs of an FU have readings beside its own at one instant; a DER of another FU is refused', async () => {
  const [{ fuId }, other] = [await newUnit('With DERs'), await newUnit('Another')]
  const { body } = await rig.fsp.client.ask(operations.listDers, { query: {} })
  const derOf = (name: string): string => body.items.find((each: { name: string }) => each.name.includes(name)).derId
  const time = at('16:50:00')
  const both = await send(fuId, { at: time, powerW: 5_000 }, { at: time, powerW: 4_000, derId: derOf('With DERs') })
  expect(both.body).toMatchObject({ stored: 2 })
  const foreign = await send(fuId, { at: time, powerW: 1, derId: derOf('Another') })
  expect(foreign).toMatchObject({ status: 422, body: { errors: [{ field: 'readings[0].derId' }] } })
  expect((await list(other.fuId)).body.items).toEqual([])
})

test('takes at most 1,000 readings at once, and no power beyond 1 GW', async () => {
  const { fuId } = await newUnit('Bounds')
  const many = Array.from({ length: 1_001 }, (_, i) => ({
    at: Instant.parse(at('16:00:00')).plusSeconds(i).toString(),
    powerW: 1,
  }))
  expect((await send(fuId, ...many)).status).toBe(422)
  expect((await send(fuId, ...many.slice(1))).body.stored).toBe(1_000)
  expect((await send(fuId, { at: at('16:59:00'), powerW: 1.1e9 })).status).toBe(422)
})

test('FM40 another FSP can neither send nor read them', async () => {
  const { fuId } = await newUnit('Apart')
  await send(fuId, { at: at('16:50:00'), powerW: 18_000 })
  const { client } = await registerFsp(rig.server, rig.engineer, 'Stranger Ltd', rig.control)
  const body = { fuId, readings: [{ at: at('16:51:00'), powerW: 1 }] }
  expect((await client.ask(operations.sendLiveReadings, { body })).status).toBe(404)
  expect((await client.ask(operations.listLiveReadings, { params: { id: fuId } })).status).toBe(404)
  expect((await list(fuId)).body.items).toHaveLength(1)
})

test('live readings are no meter data: the metered day stays empty', async () => {
  const { fuId } = await newUnit('Not settled')
  await send(fuId, { at: at('16:30:00'), powerW: 18_000 }, { at: at('16:45:00'), powerW: 18_000 })
  const { body } = await rig.engineer.ask(operations.readMeteredDay, { params: { id: fuId, day: rigDay } })
  expect(body.periods.filter((each: { energyWh: number | null }) => each.energyWh !== null)).toEqual([])
})

test('a server that starts again has them', async () => {
  const { fuId } = await newUnit('Kept')
  await send(fuId, { at: at('16:50:00'), powerW: 18_000 })
  const again = await startTestServer(rig.databaseUrl, rig.clock)
  const engineer = await again.person('eric', 'flexibility-engineer')
  const { body } = await engineer.ask(operations.listLiveReadings, { params: { id: fuId } })
  expect(body.items).toMatchObject([{ at: at('16:50:00'), powerW: 18_000 }])
})

test('at 03:50 on 16 January those of before 2 January, 03:50, are deleted: they are kept for 14 days', async () => {
  const { fuId } = await newUnit('Deleted')
  await rig.db.$client`
    insert into live_reading (fu_id, at, power_w, received_at)
    select ${fuId}, t, 1, t from unnest(array['2026-01-02T03:49:00Z', '2026-01-02T03:51:00Z']::timestamptz[]) t`
  await rig.clock.advanceTo(Instant.parse('2026-01-16T03:49:00Z'))
  rig.startJobs()
  await rig.clock.advanceTo(Instant.parse('2026-01-16T03:51:00Z'))
  expect((await list(fuId)).body.items).toMatchObject([{ at: '2026-01-02T03:51:00Z' }])
}, 60_000)
