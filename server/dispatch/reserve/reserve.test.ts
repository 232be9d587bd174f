import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import type { ReserveSituation } from '../../../schemas/dispatch/reserve.ts'
import { operations } from '../../../schemas/operations.ts'
import { periodStarts, tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { type DispatchRig, rigDay, startDispatchRig } from '../../../test/support/dispatch.ts'
import { saveFuForecast } from '../../planning/index.ts'

const at = (time: string) => Instant.parse(`${rigDay}T${time}:00Z`)
const ahead = ['17:45', '18:00', '18:15', '18:30', '18:45']
const evening = ['17:00', '17:15', '17:30', ...ahead]

/** What delivers 22 of 40 kW by its readings until 17:30: 60 kW expected, 38 kW imported. */
async function shortUnit(rig: DispatchRig): Promise<string> {
  const fuId = await rig.contractedUnit('Van depot')
  const starts = periodStarts(tradingDayOf(at('12:00')), 'PT15M')
  const common = { fuId, importW: 60_000, source: 'test', updatedAt: at('12:00') }
  await saveFuForecast(
    rig.server.context.db,
    starts.map((periodStart) => ({ ...common, periodStart })),
  )
  return fuId
}

async function readShort(rig: DispatchRig, fuId: string): Promise<void> {
  const readings = ['17:01', '17:16'].map((time) => ({ at: at(time).toString(), powerW: 38_000 }))
  await rig.clock.advanceTo(at('17:29'))
  await rig.fsp.client.ask(operations.sendLiveReadings, { body: { fuId, readings } })
}

async function offer(rig: DispatchRig, fuId: string, nodeId?: string): Promise<ReserveSituation> {
  const query = nodeId === undefined ? {} : { nodeId }
  const { status, body } = await rig.engineer.ask(operations.readReserve, { params: { fuId }, query })
  if (status !== 200) throw new Error(JSON.stringify(body))
  return body
}

const limit = (rig: DispatchRig, fuId: string, limits: object) =>
  rig.fsp.client.ask(operations.stateConstraints, { params: { id: fuId }, body: { limits } })

test('18 kW missing of 40: the cheapest gives its last 10, the next 8, each of the others says why not, and one action issues them once', async () => {
  const rig = await startDispatchRig(at('16:20'))
  const short = await shortUnit(rig)
  const cheap = await rig.unitFor('A', 'Cheap', { utilisation: '80.00' })
  await rig.schedule(cheap, Object.fromEntries(evening.map((time) => [time, 30_000])))
  await rig.select(cheap)
  const dear = await rig.unitFor('A', 'Dear', { utilisation: '120.00' })
  const late = await rig.unitFor('A', 'Late', { utilisation: '90.00' })
  await limit(rig, late, { noticeMinutes: 120 })
  const out = await rig.unitFor('A', 'Out', { utilisation: '70.00' })
  await rig.fsp.client.ask(operations.declareServiceStatus, {
    params: { id: out },
    body: { inService: false, effectiveFrom: at('16:00').toString(), reason: 'repair' },
  })
  const full = await rig.contractedUnit('Full')
  const up = await rig.unitFor('A', 'Up only', { direction: 'turn-up' })
  const morning = await rig.unitFor('A', 'Morning', { from: '08:00', to: '10:00' })
  const elsewhere = await rig.unitFor('A', 'Elsewhere', { utilisation: '60.00' })
  await rig.db.$client`update flexible_unit set node_id = 'pri' where fu_id = ${elsewhere}`
  rig.startJobs()
  expect((await rig.engineer.ask(operations.readReserve, { params: { fuId: short }, query: {} })).status).toBe(409)
  await readShort(rig, short)
  await rig.clock.advanceTo(at('17:31'))

  const found = await offer(rig, short)
  expect(found).toMatchObject({ state: 'short', instructedNowW: 40_000, deliveredW: 22_000, nodeId: 'sec' })
  expect(found.missing).toEqual(
    ahead.map((time) => ({ from: at(time).toString(), missingW: 18_000, proposedW: 18_000 })),
  )
  const each = (turnDownW: number) => ahead.map((time) => ({ from: at(time).toString(), turnDownW }))
  expect(found.offers).toMatchObject([
    { fuId: cheap, priceGbpPerMwh: '80.00', isProposed: true, periods: each(10_000) },
    { fuId: dear, priceGbpPerMwh: '120.00', isProposed: true, periods: each(8_000) },
  ])
  expect(Object.fromEntries(found.without.map(({ fuId, reason }) => [fuId, reason]))).toEqual({
    [late]: 'too-little-notice',
    [out]: 'out-of-service',
    [full]: 'already-asked',
    [up]: 'other-direction',
    [morning]: 'not-contracted',
  })
  // Behind the primary there is one more, and it is cheaper: 18 kW of it are all that is missing.
  const above = await offer(rig, short, 'pri')
  expect(above.offers.map(({ fuId, isProposed }) => [fuId, isProposed])).toEqual([
    [elsewhere, true],
    [cheap, false],
    [dear, false],
  ])

  const body = { nodeId: 'sec', fuIds: [dear, cheap], version: found.version }
  const issue = (idempotencyKey: string, given = body) =>
    rig.engineer.ask(operations.issueReserve, { params: { fuId: short }, body: given, idempotencyKey })
  expect((await issue('wrong', { ...body, version: above.version })).status).toBe(412)
  expect((await issue('full', { ...body, fuIds: [full] })).status).toBe(422)
  const first = await issue('reserve-1')
  expect([first.status, first.body]).toMatchObject([200, { issuedBy: 'erin', instructions: 4 }])
  const [ofDear] = await rig.instructions(dear)
  expect(ofDear).toMatchObject({
    state: 'acknowledged',
    intervals: [{ from: at('17:45').toString(), to: at('19:00').toString(), turnDownW: 8_000 }],
  })
  const live = (await rig.instructions(cheap)).filter(({ state }) => state === 'acknowledged')
  expect(live.flatMap(({ intervals }) => intervals).map(({ from, to, turnDownW }) => [from, to, turnDownW])).toEqual([
    [at('17:30').toString(), at('17:45').toString(), 30_000],
    [at('17:45').toString(), at('18:00').toString(), 40_000],
    [at('18:00').toString(), at('18:15').toString(), 40_000],
    [at('18:15').toString(), at('19:00').toString(), 40_000],
  ])
  const sent = rig.control.received.length
  expect((await issue('reserve-1')).body).toEqual(first.body)
  expect((await issue('reserve-2')).status).toBe(412)
  expect(rig.control.received.length).toBe(sent)

  const after = await offer(rig, short)
  expect(after).toMatchObject({ offers: [], without: [], issued: [{ reserveId: first.body.reserveId }] })
  expect(after.missing.map(({ missingW }) => missingW)).toEqual([0, 0, 0, 0, 0])
  // The ticks leave it as it is.
  await rig.clock.advanceTo(at('18:16'))
  expect((await rig.instructions(dear)).map(({ state }) => state)).toEqual(['acknowledged'])
}, 240_000)

test('nothing measured leaves all of it in doubt; an FU gives no longer than it may run, none that has had its one run, and the rest stays missing', async () => {
  const rig = await startDispatchRig(at('16:20'))
  const short = await rig.contractedUnit('Silent')
  const brief = await rig.unitFor('A', 'Half an hour', { utilisation: '80.00' })
  await limit(rig, brief, { maximumRunMinutes: 30 })
  const once = await rig.unitFor('A', 'Once a day', { utilisation: '60.00' })
  await limit(rig, once, { activationsPerDay: 1 })
  await rig.schedule(once, { '17:00': 40_000 })
  await rig.select(once)
  rig.startJobs()
  await rig.clock.advanceTo(at('17:16'))
  expect(await offer(rig, short)).toMatchObject({ state: 'not-judged', offers: [] })
  await rig.clock.advanceTo(at('17:31'))
  const found = await offer(rig, short)
  expect(found).toMatchObject({ state: 'not-seen', deliveredW: null })
  expect(found.offers).toMatchObject([{ fuId: brief, isProposed: true }])
  // By hand: 40 kW for half an hour from 17:45.
  expect(found.missing.map(({ missingW, proposedW }) => [missingW, proposedW])).toEqual([
    [40_000, 40_000],
    [40_000, 40_000],
    [40_000, 0],
    [40_000, 0],
    [40_000, 0],
  ])
  expect(found.without).toMatchObject([
    { fuId: once, reason: 'run-limits', detail: expect.stringContaining('the FU allows 1 a day') },
  ])
  const body = { nodeId: 'sec', fuIds: [brief], version: found.version }
  expect((await rig.engineer.ask(operations.issueReserve, { params: { fuId: short }, body })).status).toBe(200)
  // Once its FSP has refused it, it covers nothing.
  expect((await offer(rig, short)).missing.map(({ missingW }) => missingW)).toEqual([0, 0, 40_000, 40_000, 40_000])
  await rig.db.$client`update instruction set state = 'refused' where fu_id = ${brief}`
  expect((await offer(rig, short)).missing.map(({ missingW }) => missingW)).toEqual(ahead.map(() => 40_000))
}, 240_000)

test('what is missing of a turn-up is made good by turning up', async () => {
  const rig = await startDispatchRig(at('16:20'))
  const [short, other] = [
    await rig.unitFor('A', 'Battery', { direction: 'turn-up' }),
    await rig.unitFor('A', 'Other battery', { direction: 'turn-up' }),
  ]
  await rig.schedule(short, Object.fromEntries(evening.map((time) => [time, -40_000])))
  await rig.select(short)
  rig.startJobs()
  await rig.clock.advanceTo(at('17:31'))
  const found = await offer(rig, short)
  // By hand: the profile allows 100 kW from 16:00, of which the first takes 40, so that the other has room for its 40.
  expect(found).toMatchObject({ direction: 'turn-up', instructedNowW: 40_000, offers: [{ fuId: other }] })
  const body = { nodeId: 'sec', fuIds: [other], version: found.version }
  expect((await rig.engineer.ask(operations.issueReserve, { params: { fuId: short }, body })).status).toBe(200)
  expect((await rig.instructions(other)).flatMap(({ intervals }) => intervals)).toMatchObject([
    { from: at('17:45').toString(), to: at('19:00').toString(), turnDownW: -40_000 },
  ])
}, 240_000)
