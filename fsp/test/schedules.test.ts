import { randomUUID } from 'node:crypto'
import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import { depotOperations } from '../../schemas/fsp/depot-api.ts'
import { fspMarketOperations } from '../../schemas/fsp/market.ts'
import { contractOf, type Rig, startRig } from './support/rig.ts'

const at = (time: string) => Instant.parse(`2026-01-15T${time}:00Z`)
const [today, tomorrow] = ['2026-01-15', '2026-01-16']

/** The yard with a contract for product B all day, and days on which its vehicles drew 40 kW throughout. */
async function startBidding() {
  const rig = await startRig()
  const fuId = await rig.registerFree()
  for (const tradingDay of ['2026-01-08', '2026-01-14'])
    await rig.fsp.importHistory({ depotId: 'yard', tradingDay, energyWh: Array(96).fill(10_000) })
  const windows = contractOf('', 0).windows.map((window) => ({ ...window, from: '00:00', to: '24:00' }))
  rig.dno.contracts = [contractOf(fuId, 15_000, { product: 'B', windows })]
  rig.dno.gateCloses = (day) => `${at(day === today ? '13:00' : '18:00')}`
  return { rig, fuId }
}

const sentOf = ({ dno }: Rig, day: string, kind: string) =>
  dno.submissions.filter((each) => each.day === day && each.body.kind === kind).map(({ body }) => body)

test('FB02 K4 the depots submit baseline, cost and deviation of today and tomorrow before the gate, from their forecast', async () => {
  const { rig, fuId } = await startBidding()
  await rig.clock.advanceTo(at('12:12'))
  expect(rig.dno.submissions.map(({ fuId: of, day, body }) => [of, day, body.kind, body.revision])).toEqual(
    [today, tomorrow].flatMap((day) => ['baseline', 'cost', 'deviation'].map((kind) => [fuId, day, kind, 1])),
  )
  const values = (kind: string) => sentOf(rig, tomorrow, kind)[0]?.values
  expect(values('baseline')).toEqual(Array(96).fill(40_000))
  // Half of 40 kW may wait, of which 15 kW are contracted; £250/MWh for running it, and a tenth.
  expect(values('deviation')).toEqual(Array(96).fill(15_000))
  // What is put off in the quarter-hour before the vans leave is charged nowhere: £1,000/MWh more.
  expect(values('cost')).toEqual(Array.from({ length: 96 }, (_, i) => (i === 23 ? '1375.00' : '275.00')))
})

test('K4 E5 when the day turns out otherwise, what is ahead is sent again until its gate has closed, also after a restart', async () => {
  const { rig } = await startBidding()
  await rig.clock.advanceTo(at('12:12'))
  await rig.restart()
  // Nobody charges: the first quarter-hour that is metered has nothing.
  await rig.clock.advanceTo(at('12:47'))
  const revised = sentOf(rig, today, 'baseline')
  expect(revised.length).toBeGreaterThan(1)
  expect(revised.map(({ revision }) => revision)).toEqual(revised.map((_, i) => i + 1))
  const [ahead, evening] = [50, 90].map((i) => Number(revised.at(-1)?.values[i]))
  // Half of 40 kW now, and nearly all of it six hours later.
  expect(ahead).toBeGreaterThan(18_000)
  expect(ahead).toBeLessThan(25_000)
  expect(evening).toBe(40_000)
  expect(sentOf(rig, tomorrow, 'baseline')).toHaveLength(1)
  const { body } = await rig.depotApi(fspMarketOperations.listOwnSchedules)
  expect(body).toHaveLength(6)
  expect(body[0]).toMatchObject({ day: today, kind: 'baseline', reason: expect.stringContaining('the forecast moved') })
  await rig.clock.advanceTo(at('13:02'))
  const before = sentOf(rig, today, 'baseline').length
  await rig.clock.advanceTo(at('14:02'))
  expect(sentOf(rig, today, 'baseline')).toHaveLength(before)
})

test('FB05 what the DNO chose of the offer, and why no more, is kept by its latest run and shown in words', async () => {
  const { rig, fuId } = await startBidding()
  const runOf = (startedAt: string, chosenW: number) => ({
    runId: randomUUID(),
    fuId,
    tradingDay: tomorrow,
    product: 'B' as const,
    startedAt,
    periods: [
      {
        from: '2026-01-16T17:00:00Z',
        direction: 'turn-down' as const,
        offeredW: 15_000,
        chosenW,
        priceGbpPerMwh: '275.00',
        because: 'price' as const,
        marginalPriceGbpPerMwh: null,
      },
    ],
  })
  const first = runOf('2026-01-15T12:10:00Z', 0)
  rig.dno.choices = [first]
  const read = async () => (await rig.depotApi(fspMarketOperations.listOwnChoices)).body
  await rig.clock.advanceTo(at('12:20'))
  const [period] = first.periods
  expect(await read()).toEqual([
    {
      fuId,
      day: tomorrow,
      product: 'B',
      runId: first.runId,
      startedAt: first.startedAt,
      readAt: '2026-01-15T12:18:00Z',
      periods: [{ ...period, reason: 'Cheaper offers met what was needed.' }],
    },
  ])
  const again = runOf('2026-01-15T12:25:00Z', 4_000)
  rig.dno.choices = [again, first]
  await rig.clock.advanceTo(at('12:35'))
  await rig.restart()
  expect(await read()).toMatchObject([{ runId: again.runId, periods: [{ chosenW: 4_000 }] }])
})

test('FB04 while the unit is out of service it offers nothing', async () => {
  const { rig } = await startBidding()
  await rig.depotApi(depotOperations.declareDepotService, {
    body: { inService: false, effectiveFrom: '2026-01-16T06:00:00Z', reason: 'works' },
  })
  await rig.clock.advanceTo(at('12:12'))
  const deviation = sentOf(rig, tomorrow, 'deviation')[0]?.values
  expect([deviation?.[23], deviation?.[24], deviation?.[95]]).toEqual([15_000, 0, 0])
})

test('K3 the availability of two days ahead is there to read, with its spread and confidence', async () => {
  const { rig } = await startBidding()
  const { body } = await rig.depotApi(fspMarketOperations.readAvailability)
  // No Saturday is known, so that its morning is left out.
  expect(body.quarters).toHaveLength(144)
  expect(body.quarters[100]).toEqual({
    from: '2026-01-16T13:00:00.000Z',
    loadW: { p10: 40_000, p50: 40_000, p90: 40_000, mean: 40_000 },
    turnDownW: { p10: 20_000, p50: 20_000, p90: 20_000, mean: 20_000 },
    // On both of two days: (2 + 1) / (2 + 2).
    confidence: 0.75,
    days: 2,
  })
})

test('L16 events ahead: the contract, and what others were promised', async () => {
  const { rig } = await startBidding()
  await rig.agree({ from: '2026-01-15T17:00:00Z', to: '2026-01-15T18:00:00Z', reductionW: 4_000 })
  await rig.clock.advanceTo(at('12:12'))
  const { body } = await rig.depotApi(fspMarketOperations.listMarketEvents, { query: { days: 1 } })
  expect(body).toEqual([
    {
      from: '2026-01-15T12:00:00Z',
      to: '2026-01-16T12:00:00Z',
      holder: 'dno',
      name: 'contract for product B',
      powerW: 15_000,
      isInstructed: false,
    },
    {
      from: '2026-01-15T17:00:00Z',
      to: '2026-01-15T18:00:00Z',
      holder: 'others',
      name: 'DFS',
      powerW: 4_000,
      isInstructed: false,
    },
  ])
})
