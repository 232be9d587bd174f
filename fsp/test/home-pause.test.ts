import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { driverOperations } from '../../schemas/fsp/drivers.ts'
import { vanOperations } from '../../schemas/fsp/vans.ts'
import { controlOf } from './support/control.ts'
import { startVans, unitOf, type Vans } from './support/vans.ts'

/** Minutes after 16:00 at which the fifteen vans of the test come home, and what each takes, Wh: 79 kWh of them from 17:00 on. */
const arrivals = Array.from({ length: 15 }, (_, i) => ({ minute: 30 + 6 * i, energyWh: 5_000 + 500 * (i % 5) }))

/** Lets the vans come home on a day, and plays it to 19:00; returns what they drew from 17:00 to 19:00, Wh, and their peak, W. */
async function afternoon(vans: Vans, day: string, at: Partial<Record<number, () => Promise<void>>> = {}) {
  await vans.passTo(`${day}T16:00:00Z`)
  let [fromWh, beforeWh, peakW] = [0, vans.energyWh(), 0]
  for (let minute = 1; minute <= 180; minute++) {
    for (const [i, each] of arrivals.entries())
      if (each.minute === minute) vans.plugIn(i + 1, { storedWh: 20_000, targetWh: 20_000 + each.energyWh })
    await at[minute]?.()
    await vans.pass(1)
    const nowWh = vans.energyWh()
    peakW = Math.max(peakW, (nowWh - beforeWh) * 60)
    if (minute === 60) fromWh = nowWh
    beforeWh = nowWh
  }
  return { drawnWh: vans.energyWh() - fromWh, peakW }
}

test('HOM01 L5 L7 L9 twenty charge points asked to pause from 17:00 to 19:00, one override: envelope, dispatch and measured drop agree', async () => {
  const vans = await startVans(unitOf(20), '2026-01-13T15:30:00Z')
  const fuId = await vans.register(200_000)
  const baseline = await afternoon(vans, '2026-01-13')
  expect(Math.abs(baseline.drawnWh - 79_000)).toBeLessThan(1_000)
  await vans.pass(30)
  for (const i of arrivals.keys()) vans.controls.unplug(`vans-${String(i + 1).padStart(2, '0')}`, 1)

  // The day after, at four: nobody is at home yet, and the envelope is made of what is expected.
  await vans.passTo('2026-01-14T16:00:00Z')
  const query = { from: '2026-01-14T17:00:00Z', to: '2026-01-14T19:00:00Z' }
  const { body: envelope } = await vans.ask(vanOperations.readHomeEnvelope, { query })
  expect([envelope.pluggedIn, envelope.expected]).toEqual([0, 15])
  expect(Math.abs(envelope.soonestWh - baseline.drawnWh)).toBeLessThan(0.1 * baseline.drawnWh)
  expect(envelope.deferrableWh).toBeCloseTo(envelope.soonestWh)
  expect(envelope.reliability).toBe(0.75)

  const asked = await controlOf(vans.dno).send({
    instructionId: randomUUID(),
    fuId,
    product: 'B',
    intervals: [{ ...query, turnDownW: 200_000 }],
    onExpiry: 'end',
    issuedAt: '2026-01-14T16:00:00Z',
    expiresAt: query.from,
  })
  expect(asked.body).toMatchObject({ outcome: 'accepted' })
  const driver = await vans.driver(3)
  let drawnAtOnce: number | null = null
  const paused = await afternoon(vans, '2026-01-14', {
    75: async () => {
      const { body } = await driver.ask(driverOperations.readOwnVan)
      expect(body).toMatchObject({ state: 'turn-down', powerW: 0 })
      expect(body.sentence).toBe('The van waits until 19:00: the local network is busy. It will be ready by 07:30.')
      expect((await driver.ask(driverOperations.chargeAtOnce)).body.state).toBe('override')
    },
    77: async () => {
      drawnAtOnce = (await driver.ask(driverOperations.readOwnVan)).body.powerW
    },
  })
  expect(drawnAtOnce).toBe(7_360)
  await vans.pass(2)

  const { body: reliability } = await vans.ask(vanOperations.readHomeReliability)
  const dropWh = baseline.drawnWh - paused.drawnWh
  expect(reliability.byOutcome).toEqual({ paused: 14, overridden: 1, absent: 5 })
  // What was asked of the charge points, and what they left of it, agree with the envelope and with the meters.
  expect(Math.abs(reliability.expectedWh - envelope.soonestWh)).toBeLessThan(0.1 * envelope.soonestWh)
  expect(Math.abs(reliability.heldBackWh - dropWh)).toBeLessThan(0.05 * dropWh)
  // The trial's test saw 80 kWh with fifteen vans and one override.
  expect(dropWh).toBeGreaterThan(70_000)
  expect(dropWh).toBeLessThan(85_000)

  // What was put off is spread: no new peak, and every van is full when it has to be.
  let [beforeWh, peakW] = [vans.energyWh(), 0]
  for (let minute = 0; minute < 60; minute++) {
    await vans.pass(1)
    peakW = Math.max(peakW, (vans.energyWh() - beforeWh) * 60)
    beforeWh = vans.energyWh()
  }
  expect(peakW).toBeGreaterThan(1_380)
  expect(peakW).toBeLessThan(0.5 * baseline.peakW)
  await vans.passTo('2026-01-15T07:30:00Z')
  const takenWh = 2 * arrivals.reduce((sum, { energyWh }) => sum + energyWh, 0)
  expect(vans.energyWh()).toBeCloseTo(takenWh, -1)

  // The next bid is derated by what was observed: better than the prior, since most held back.
  const { body: next } = await vans.ask(vanOperations.readHomeEnvelope, {
    query: { from: '2026-01-15T17:15:00Z', to: '2026-01-15T18:00:00Z' },
  })
  expect(next.reliability).toBeCloseTo((reliability.heldBackWh + 15_000) / (reliability.expectedWh + 20_000), 6)
  // At the lower price only those are held back whose drivers ask for no more: that is every second one.
  const [cheap, dear] = next.bids
  expect(cheap.turnDownW).toBeGreaterThan(5_000)
  expect(dear.turnDownW).toBeGreaterThan(1.5 * cheap.turnDownW)
  for (const { turnDownW, offeredW } of next.bids)
    expect(offeredW).toBe(Math.floor((turnDownW * next.reliability) / 100) * 100)
}, 900_000)
