import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Instant } from '@js-joda/core'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { SimulatedClock } from '../../platform/clock/index.ts'
import type { EstateSeed } from '../../schemas/fsp/homes.ts'
import type { Contract } from '../../schemas/market/contracts.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import { startHomesFsp } from '../index.ts'
import { controlOf } from './support/control.ts'
import { startTestDno } from './support/dno.ts'
import { contractOf } from './support/rig.ts'
import { tender } from './support/tender.ts'

const day = '2026-01-15'
const at = (time: string) => Instant.parse(`${day}T${time}:00Z`)

/** Forty homes whose heat pumps draw 3 kW each at most. */
const estate: EstateSeed = {
  siteId: 'green',
  name: 'Green',
  customer: 'C',
  address: 'A',
  licenceArea: 'LPN',
  mpan: '1200000551105',
  connectionId: randomUUID(),
  nodeId: 'lv',
  ascKva: 200,
  powerFactor: 1,
  homes: 40,
  heatPumpW: 3_000,
  product: 'B',
}

/** The homes' FSP, registered with its estate on a Thursday at noon; under contract for product B all day when the test says so. */
async function startHomes(change: Partial<EstateSeed> = {}) {
  const [{ url }, dno] = [await createTestDatabase('fsp'), await startTestDno()]
  const folder = await mkdtemp(join(tmpdir(), 'ringmain-homes-'))
  const clock = new SimulatedClock(at('12:00'))
  const start = () =>
    startHomesFsp({
      databaseUrl: url,
      environment: 'live',
      host: '127.0.0.1',
      port: 0,
      dnoUrl: dno.url,
      estates: [{ ...estate, ...change }],
      seed: 7,
      secretKeyFile: join(folder, 'key'),
      clock,
      log: pino({ level: 'silent' }),
    })
  let fsp = await start()
  onTestFinished(async () => {
    await fsp.close()
    await dno.close()
    await rm(folder, { recursive: true })
  })
  dno.decision = 'accepted'
  await clock.advanceTo(at('12:06'))
  const fuId = dno.fuIdOf('Green')
  const everyDay = contractOf('', 0).windows.map((window) => ({ ...window, from: '00:00', to: '24:00' }))
  return {
    dno,
    clock,
    fuId,
    running: () => fsp,
    async contract(change: Partial<Contract> = {}) {
      dno.contracts = [contractOf(fuId, 30_000, { product: 'B', windows: everyDay, ...change })]
      await clock.advanceTo(clock.now().plusSeconds(360))
    },
    async restart() {
      await fsp.close()
      fsp = await start()
    },
  }
}

const instruction = (fuId: string, change: object = {}) => ({
  instructionId: randomUUID(),
  fuId,
  product: 'B',
  intervals: [{ from: `${at('17:00')}`, to: `${at('18:00')}`, turnDownW: 20_000 }],
  onExpiry: 'end',
  issuedAt: `${at('12:30')}`,
  expiresAt: `${at('17:00')}`,
  ...change,
})

test('FA01 FA04 the FSP of homes registers its estate as a load, and uploads what its meters kept of four weeks', async () => {
  const { dno, fuId, restart, clock } = await startHomes()
  expect(dno.application?.companyName).toBe('Hearth Flexibility Ltd')
  expect(dno.keys).toEqual(['der-green', 'fu-green'])
  const readings = () => dno.uploads.flatMap((upload) => upload.readings)
  expect(dno.uploads.every((upload) => upload.fuId === fuId)).toBe(true)
  expect(readings()).toHaveLength(28 * 96)
  await restart()
  await clock.advanceTo(at('12:40'))
  expect(dno.keys).toEqual(['der-green', 'fu-green'])
  expect(readings()).toHaveLength(28 * 96 + 2)
  expect(new Set(readings().map((reading) => reading.at)).size).toBe(28 * 96 + 2)
})

test('E7 it offers its estate for the product of the estate, cheaper than depots, and declines every other tender', async () => {
  const { dno, clock, fuId } = await startHomes()
  const [ours, other] = [tender({ product: 'B' }), tender({ product: 'A' })]
  dno.tenders = [ours, other]
  await clock.advanceTo(at('12:12'))
  // From 17:00 to 19:00 the homes need about three quarters of 120 kW; 60 % of that is offered. Heating at another time costs £190/MWh
  // and running it £10, with a tenth on top and a little more for what is missing on cold days.
  expect(dno.responses).toEqual([
    {
      tenderId: ours.tenderId,
      body: {
        bid: 'offered',
        offers: [
          {
            fuId,
            direction: 'turn-down',
            turnDownW: expect.any(Number),
            availabilityGbpPerMwH: expect.stringMatching(/^8\.[89]\d$/),
            utilisationGbpPerMwh: expect.stringMatching(/^22\d\.\d\d$/),
          },
        ],
      },
    },
    { tenderId: other.tenderId, body: expect.objectContaining({ bid: 'declined' }) },
  ])
  const [first] = dno.responses
  const offered = first?.body.bid === 'offered' ? (first.body.offers[0]?.turnDownW ?? 0) : 0
  expect(offered).toBeGreaterThan(45_000)
  expect(offered).toBeLessThan(60_000)
})

test('FB02 baseline, cost and deviation of today and tomorrow are submitted exactly once, as soon as there is a contract', async () => {
  const { dno, contract, clock, fuId } = await startHomes()
  expect(dno.submissions).toEqual([])
  await contract()
  await clock.advanceTo(at('12:40'))
  expect(dno.submissions.map((each) => [each.fuId, each.day, each.body.kind, each.body.values.length])).toEqual(
    [day, '2026-01-16'].flatMap((each) => ['baseline', 'cost', 'deviation'].map((kind) => [fuId, each, kind, 96])),
  )
  const [baseline, cost, deviation] = dno.submissions.map((each) => each.body.values)
  // The evening is dearer than the night; what is missing on cold days adds a few pounds.
  const [night, evening] = [Number(cost?.[0]), Number(cost?.[64])]
  expect(night).toBeGreaterThanOrEqual(165)
  expect(night).toBeLessThan(175)
  expect(evening).toBeGreaterThanOrEqual(220)
  expect(evening).toBeLessThan(230)
  // No more than is contracted, and never more than the homes draw.
  expect(Math.max(...(deviation as number[]))).toBe(30_000)
  expect((deviation as number[]).every((w, i) => w <= Number(baseline?.[i]))).toBe(true)
})

test('schedules whose gate has closed are let go, not sent again and again', async () => {
  const { dno, contract, clock } = await startHomes()
  dno.areGatesClosed = true
  await contract()
  dno.areGatesClosed = false
  await clock.advanceTo(at('13:00'))
  expect(dno.submissions).toEqual([])
})

test('FB05 the heat pumps are held at baseline less what is asked, from its start to its end, and the meter shows it', async () => {
  const { dno, contract, clock, fuId, running } = await startHomes()
  await contract()
  dno.baselineWh = 20_000
  expect((await controlOf(dno).send(instruction(fuId))).body).toMatchObject({ outcome: 'accepted' })
  await clock.advanceTo(at('18:20'))
  const drawn = (time: string) => running().drawn().get(fuId)?.get(at(time).toEpochMilli())
  // The baseline is 80 kW, 20 of which are turned down: 60 kW, 15 kWh a quarter-hour.
  for (const time of ['17:00', '17:15', '17:30', '17:45']) expect(drawn(time)?.drawnWh).toBeCloseTo(15_000)
  for (const time of ['16:45', '18:00']) expect(drawn(time)?.drawnWh).toBe(drawn(time)?.undisturbedWh)
  const read = new Map(dno.uploads.flatMap((upload) => upload.readings.map((each) => [each.at, each])))
  expect(read.get(`${at('17:15')}`)).toMatchObject({ energyWh: 15_000, quality: 'measured' })
  expect(await running().receivedInstructions()).toMatchObject([
    { fuId, product: 'B', turnDownW: 20_000, outcome: 'accepted' },
  ])
})

test('E2EPA008 what it cannot do is refused with its reason; the same instruction once more gets the same answer', async () => {
  const { dno, contract, fuId } = await startHomes()
  await contract()
  const control = controlOf(dno)
  const answer = async (given: object) => (await control.send(given)).body['reason'] ?? 'accepted'
  const interval = (turnDownW: number) => ({
    intervals: [{ from: `${at('17:00')}`, to: `${at('18:00')}`, turnDownW }],
  })
  expect(await answer(instruction(randomUUID()))).toBe('unknown-unit')
  expect(await answer(instruction(fuId, interval(30_001)))).toBe('exceeds-availability')
  expect(await answer(instruction(fuId, { product: 'C' }))).toBe('outside-window')
  expect(await answer(instruction(fuId, { expiresAt: `${at('12:10')}` }))).toBe('expired')
  const good = instruction(fuId)
  expect([await answer(good), await answer(good)]).toEqual(['accepted', 'accepted'])
  expect((await control.ask(good.instructionId)).body).toMatchObject({ outcome: 'accepted' })
  expect((await control.ask(randomUUID())).status).toBe(404)
})

test('D11 while a turn-down runs, and only then, the DNO is told every five minutes what the homes draw', async () => {
  const { dno, contract, clock, fuId } = await startHomes()
  await contract()
  dno.baselineWh = 20_000
  await controlOf(dno).send(instruction(fuId))
  await clock.advanceTo(at('17:00'))
  expect(dno.liveCalls).toBe(0)
  await clock.advanceTo(at('17:15'))
  // By hand: 80 kW expected less 20; from the second minute on, as the first may be of the time before.
  const [first, ...others] = dno.live
  const of = (...minutes: number[]) =>
    minutes.map((minute) => ({ at: `${at('17:00').plusSeconds(minute * 60)}`, powerW: 60_000 }))
  expect(first).toEqual({ fuId, readings: of(2, 3, 4, 5) })
  expect(others.map(({ readings }) => readings)).toEqual([of(6, 7, 8, 9, 10), of(11, 12, 13, 14, 15)])
  await clock.advanceTo(at('18:30'))
  expect(dno.live.flatMap(({ readings }) => readings).at(-1)?.at).toBe(`${at('17:59')}`)
  expect(dno.liveCalls).toBe(12)
})

test('D11 readings that the DNO does not take are sent again after growing pauses, an hour of them at most; those it refuses are let go', async () => {
  const { dno, contract, clock, fuId } = await startHomes()
  await contract()
  dno.baselineWh = 20_000
  const intervals = [{ from: `${at('17:00')}`, to: `${at('19:30')}`, turnDownW: 20_000 }]
  await controlOf(dno).send(instruction(fuId, { intervals }))
  await clock.advanceTo(at('17:04'))
  dno.refuseLive = [503, 503, 503]
  await clock.advanceTo(at('17:11'))
  // At 17:05, 17:06 and 17:08; the next is due at 17:12.
  expect([dno.liveCalls, dno.live]).toEqual([3, []])
  await clock.advanceTo(at('17:12'))
  expect(dno.live.map(({ readings }) => readings.length)).toEqual([11])
  dno.refuseLive = [422]
  await clock.advanceTo(at('17:20'))
  // What was refused at 17:15 is gone; 17:16 and 17:20 were taken.
  expect(dno.live.slice(1).map(({ readings }) => readings[0]?.at)).toEqual([`${at('17:16')}`, `${at('17:17')}`])
  expect(dno.liveCalls).toBe(7)
  dno.refuseLive = Array.from({ length: 100 }, () => 503)
  await clock.advanceTo(at('18:50'))
  // 17:25, 17:26, 17:28, 17:32, 17:40, 17:55, 18:10, 18:25 and 18:40.
  expect(dno.liveCalls).toBe(16)
  dno.refuseLive = []
  await clock.advanceTo(at('18:55'))
  expect(dno.live.at(-1)?.readings).toHaveLength(60)
  expect(dno.live.at(-1)?.readings[0]?.at).toBe(`${at('17:56')}`)
})

test('an estate that heats water early is registered, offered and scheduled for turn-up by the room up to its rating', async () => {
  const { dno, contract, clock, fuId } = await startHomes({ direction: 'turn-up' })
  const [up, down] = [tender({ product: 'B', direction: 'turn-up' }), tender({ product: 'B' })]
  dno.tenders = [up, down]
  await clock.advanceTo(at('12:12'))
  const answers = new Map(dno.responses.map(({ tenderId, body }) => [tenderId, body]))
  expect(answers.get(down.tenderId)?.bid).toBe('declined')
  const offered = answers.get(up.tenderId)
  if (offered?.bid !== 'offered') throw new Error('nothing was offered')
  // From 17:00 to 19:00 they draw about three quarters of 120 kW: 60 % of the other quarter.
  expect(offered.offers).toMatchObject([{ fuId, direction: 'turn-up' }])
  expect(offered.offers[0]?.turnDownW).toBeGreaterThan(10_000)
  expect(offered.offers[0]?.turnDownW).toBeLessThan(25_000)
  await contract({ direction: 'turn-up' })
  await clock.advanceTo(at('12:40'))
  const [baseline, cost, deviation] = dno.submissions.map((each) => each.body)
  expect(cost).toMatchObject({ kind: 'cost', direction: 'turn-up' })
  // Water that is heated early is cheap: £30/MWh and £10 for running it, with a tenth on top, or more where the room is not sure.
  expect(cost?.values.every((price) => Number(price) >= 44 && Number(price) < 90)).toBe(true)
  expect(deviation).toMatchObject({ kind: 'deviation', direction: 'turn-up' })
  for (const [i, w] of ((deviation?.values ?? []) as number[]).entries())
    expect(w).toBeLessThanOrEqual(Math.min(30_000, 120_000 - Number(baseline?.values[i])))
})

test('a turn-up is drawn from its start to its end, no more than the heat pumps are rated for, and saved afterwards', async () => {
  const { dno, contract, clock, fuId, running } = await startHomes({ direction: 'turn-up' })
  await contract({ direction: 'turn-up' })
  dno.baselineWh = 25_000
  const intervals = [{ from: `${at('13:00')}`, to: `${at('13:30')}`, turnDownW: -10_000 }]
  const later = { intervals: [{ from: `${at('14:30')}`, to: `${at('14:45')}`, turnDownW: -30_000 }] }
  const control = controlOf(dno)
  expect((await control.send(instruction(fuId, { intervals }))).body).toMatchObject({ outcome: 'accepted' })
  expect((await control.send(instruction(fuId, later))).body).toMatchObject({ outcome: 'accepted' })
  await clock.advanceTo(at('16:00'))
  const drawn = (time: string) => running().drawn().get(fuId)?.get(at(time).toEpochMilli())
  // The baseline is 100 kW, and 10 more are asked for: 110 kW, 27.5 kWh a quarter-hour. 130 kW would be more than 40 × 3 kW: 30 kWh.
  for (const time of ['13:00', '13:15']) expect(drawn(time)?.drawnWh).toBeCloseTo(27_500)
  expect(drawn('14:30')?.drawnWh).toBeCloseTo(30_000)
  const quarters = [...(running().drawn().get(fuId) ?? [])]
  const sumOf = (of: 'drawnWh' | 'undisturbedWh', until: string) =>
    quarters.filter(([ms]) => ms < at(until).toEpochMilli()).reduce((sum, [, each]) => sum + each[of], 0)
  const aheadWh = (time: string) => sumOf('drawnWh', time) - sumOf('undisturbedWh', time)
  // Water that was heated early is not heated again: what is ahead shrinks after each turn-up, and by at most a fifth of what is needed.
  expect(aheadWh('13:30')).toBeGreaterThan(aheadWh('14:30'))
  expect(aheadWh('14:30')).toBeGreaterThan(0)
  expect(aheadWh('14:45')).toBeGreaterThan(aheadWh('16:00'))
  const saved = drawn('13:30')
  expect(saved?.drawnWh).toBeCloseTo((saved?.undisturbedWh ?? 0) * 0.8)
})

test('homes that are not offered for turn-up refuse one', async () => {
  const { dno, contract, fuId } = await startHomes()
  await contract({ direction: 'turn-up' })
  const up = { intervals: [{ from: `${at('17:00')}`, to: `${at('18:00')}`, turnDownW: -1_000 }] }
  expect((await controlOf(dno).send(instruction(fuId, up))).body).toMatchObject({
    outcome: 'refused',
    reason: 'exceeds-availability',
  })
})

test('K6 E5 it tells the DNO how a turn-down goes: started, delivering, ended; and a turn-up that falls short as failed', async () => {
  const { dno, contract, clock, fuId } = await startHomes({ direction: 'turn-up' })
  dno.baselineWh = 25_000
  await contract({ direction: 'turn-up' })
  const up = { intervals: [{ from: `${at('13:00')}`, to: `${at('13:30')}`, turnDownW: -15_000 }] }
  expect((await controlOf(dno).send(instruction(fuId, up))).body).toMatchObject({ outcome: 'accepted' })
  await clock.advanceTo(at('13:35'))
  expect(dno.reports.map(({ status, at: when }) => [status, when])).toEqual([
    ['started', `${at('13:00')}`],
    ['delivering', `${at('13:05')}`],
    ['ended', `${at('13:30')}`],
  ])
  dno.reports.splice(0)
  // 100 kW and 30 more are beyond 40 heat pumps of 3 kW: two thirds of it come.
  const more = { intervals: [{ from: `${at('14:30')}`, to: `${at('14:45')}`, turnDownW: -30_000 }] }
  expect((await controlOf(dno).send(instruction(fuId, more))).body).toMatchObject({ outcome: 'accepted' })
  await clock.advanceTo(at('14:50'))
  expect(dno.reports.map(({ status }) => status)).toEqual(['started', 'failed', 'ended'])
  expect(dno.reports[1]?.detail).toContain('20.0 of 30.0 kW')
})
