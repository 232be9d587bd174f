import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { loadHighs } from '../../../../platform/linear-programs/index.ts'
import { classesOf } from './model.ts'
import { chargeSmartly } from './solver.ts'
import { chargeSoonest, type SoonestWeek } from './soonest.ts'
import { leastShare, periodH, siteStays, type VehicleGroup, vehicleWeeks, weekPeriods } from './week.ts'

const highs = await loadHighs()

/** 50 kWh, 0.5 kWh a mile, 10 kW, away from 07:00 to 16:00. */
const van = (over: Partial<VehicleGroup>): VehicleGroup => ({
  name: 'van',
  count: 1,
  usableKwh: 50,
  kwhPerMile: 0.5,
  chargeKw: 10,
  chargePoint: 'ac',
  days: [1],
  leavesMinute: 7 * 60,
  returnsMinute: 16 * 60,
  milesPerDay: 20,
  ...over,
})
const flat = (kw: number) => new Float64Array(weekPeriods).fill(kw)
const soonest = (groups: readonly VehicleGroup[], sockets = 100) =>
  chargeSoonest(groups.flatMap(vehicleWeeks), [{ kind: 'ac', sockets }])
const most = (kw: Float64Array) => kw.reduce((a, b) => Math.max(a, b), 0)
const sum = (values: Iterable<number>) => [...values].reduce((a, b) => a + b, 0)

describe('unmanaged charging', () => {
  test('SPT02 vehicles top up from 80 % first thing on Monday, and after the last journey to 80 % again', () => {
    const { weeks, impossible } = soonest([van({ days: [0] })])
    const [{ powerKw, endKwh }] = weeks as [SoonestWeek]
    // 40 of 50 kWh at midnight: full after an hour. 10 kWh are driven, and 40 kWh are what the week began with.
    expect([...powerKw.subarray(0, 3)]).toEqual([10, 10, 0])
    expect(sum(powerKw) * periodH).toBe(10)
    expect(endKwh).toBe(40)
    expect(impossible).toEqual([])
  })

  test('SPT06 a journey beyond the battery is impossible by it, one too soon after another by the time, each with what is possible', () => {
    // 45 kWh of 50, of which 10 must stay: 40 kWh are 80 miles. Full at the start, as there is time.
    expect(soonest([van({ milesPerDay: 90 })]).impossible).toEqual([
      { vehicle: 'van 1', leaves: 48 + 14, reason: 'battery', missingKwh: 5, possibleMiles: 80 },
    ])
    // 40 kWh a day; 2 kW from 16:00 to 07:00 give 30. Monday begins with 40 + 14 h × 2 kW, full; Tuesday has 10 + 30, of which 30 go: 60 miles.
    const slow = soonest([van({ days: [0, 1], milesPerDay: 80, chargeKw: 2 })])
    expect(slow.impossible).toEqual([
      { vehicle: 'van 1', leaves: 48 + 14, reason: 'time', missingKwh: 10, possibleMiles: 60 },
    ])
  })

  test('a journey over midnight on Sunday is possible: the week of its vehicle begins when it is back', () => {
    // Away from 22:00 to 06:00 for 20 kWh: it comes back with at most 30, and must be full when it leaves.
    const group = van({ days: [6], leavesMinute: 22 * 60, returnsMinute: 6 * 60, milesPerDay: 40 })
    const [vehicle] = vehicleWeeks(group)
    expect(vehicle).toMatchObject({ begins: 12, startKwh: 30, endKwh: 50 })
    const { weeks, impossible } = soonest([group])
    expect(impossible).toEqual([])
    expect([...(weeks[0]?.powerKw.subarray(11, 17) ?? [])]).toEqual([0, 10, 10, 10, 10, 0])
  })

  test('with one charge point for two vehicles one waits until the other leaves', () => {
    const early = van({ name: 'early', days: [0], leavesMinute: 2 * 60, returnsMinute: 20 * 60 })
    const late = van({ name: 'late', days: [0], leavesMinute: 12 * 60, returnsMinute: 21 * 60 })
    const { weeks } = soonest([late, early], 1)
    expect([...(weeks[1]?.plugged.subarray(0, 5) ?? [])]).toEqual([1, 1, 1, 1, 0])
    expect([...(weeks[0]?.plugged.subarray(0, 5) ?? [])]).toEqual([0, 0, 0, 0, 1])
  })
})

describe('smart charging', () => {
  test('SPT03 the least peak spreads what is needed over all the time at the site', async () => {
    const { weeks } = soonest([van({})])
    const found = await chargeSmartly(classesOf(weeks), {
      least: 'peak',
      backgroundKw: flat(5),
      price: flat(10),
      limitKw: null,
    })
    // 10 kWh over the 318 half-hours that it is not away.
    expect(most(found?.siteKw ?? flat(0))).toBeCloseTo(5 + 10 / 159, 4)
  })

  test('the least cost charges in the cheap hours as fast as the limit allows, and nothing fits under less than the site draws', async () => {
    const { weeks } = soonest([van({})])
    const price = Float64Array.from({ length: weekPeriods }, (_, t) => (t === 10 || t === 200 ? 5 : 20))
    const aim = { least: 'cost', backgroundKw: flat(5), price } as const
    const found = await chargeSmartly(classesOf(weeks), { ...aim, limitKw: flat(11) })
    // 6 kW for two cheap half-hours are 6 kWh; the other 4 are dear.
    expect(found?.classKw[0]?.[10]).toBeCloseTo(6, 6)
    expect(found?.classKw[0]?.[200]).toBeCloseTo(6, 6)
    expect(await chargeSmartly(classesOf(weeks), { ...aim, limitKw: flat(4) })).toBeNull()
  })

  test('no energy is lost, no battery is emptied under the reserve or filled beyond its size, and the peak is the least there is', async () => {
    const groups = fc.array(
      fc.record({
        usableKwh: fc.integer({ min: 30, max: 80 }),
        chargeKw: fc.constantFrom(3.7, 7.4, 11),
        days: fc.subarray([0, 1, 2, 3, 4, 5, 6], { minLength: 1 }),
        leavesMinute: fc.integer({ min: 0, max: 47 }).map((h) => h * 30),
        hoursAway: fc.integer({ min: 1, max: 20 }),
        milesPerDay: fc.integer({ min: 0, max: 120 }),
      }),
      { minLength: 1, maxLength: 3 },
    )
    await fc.assert(
      fc.asyncProperty(groups, fc.integer({ min: 1, max: 3 }), async (given, sockets) => {
        const { weeks } = soonest(
          given.map(({ hoursAway, ...each }, i) =>
            van({ ...each, name: `g${i}`, returnsMinute: (each.leavesMinute + hoursAway * 60) % (24 * 60) }),
          ),
          sockets,
        )
        const backgroundKw = Float64Array.from({ length: weekPeriods }, (_, t) => 20 + (t % 48))
        const classes = classesOf(weeks)
        const found = await chargeSmartly(classes, { least: 'peak', backgroundKw, price: flat(10), limitKw: null })
        if (!found) throw new Error('a week that unmanaged charging manages has a plan')
        for (const [c, { week, keys }] of classes.entries())
          keepsBattery(week, found.classKw[c] ?? flat(0), keys.length)
        expect(most(found.siteKw)).toBeCloseTo(leastPeakKw(weeks, backgroundKw), 2)
      }),
      { numRuns: 25 },
    )
  })
})

/** Follows the battery of a class through its week. */
function keepsBattery({ vehicle, tripKwh, plugged, reachedEndKwh }: SoonestWeek, powerKw: Float64Array, count: number) {
  const { usableKwh, chargeKw } = vehicle.group
  let kwh = vehicle.startKwh
  const stays = siteStays(vehicle)
  for (const [i, { from, to }] of stays.entries()) {
    for (let t = from; t < to; t++) {
      const own = (powerKw[t] ?? 0) / count
      expect(own).toBeLessThanOrEqual(plugged[t] ? chargeKw + 1e-6 : 0)
      kwh += own * periodH
    }
    expect(kwh).toBeLessThanOrEqual(usableKwh + 1e-4)
    if (i === stays.length - 1) expect(kwh).toBeGreaterThanOrEqual(reachedEndKwh - 1e-4)
    kwh -= tripKwh[i] ?? 0
    expect(kwh).toBeGreaterThanOrEqual(Math.min(leastShare * usableKwh, vehicle.startKwh) - 1e-4)
  }
}

/** The same peak by another model: every vehicle by itself, with what is in its battery at the end of every half-hour. */
function leastPeakKw(weeks: readonly SoonestWeek[], backgroundKw: Float64Array): number {
  const [rows, bounds, site] = [[] as string[], [] as string[], backgroundKw.map(() => 0)]
  const loads: string[][] = [...site].map(() => [])
  for (const [v, { vehicle, plugged, tripKwh, reachedEndKwh }] of weeks.entries()) {
    const { usableKwh, chargeKw } = vehicle.group
    let before = String(vehicle.startKwh)
    const stays = siteStays(vehicle)
    for (const [i, { from, to, trip }] of stays.entries()) {
      for (let t = from; t < to; t++) {
        if (!plugged[t]) continue
        const [x, s] = [`x${v}_${t}`, `s${v}_${t}`]
        loads[t]?.push(x)
        bounds.push(`0 <= ${x} <= ${chargeKw}`, `0 <= ${s} <= ${usableKwh}`)
        const known = before.split(' ')
        const [name, constant] = known[0]?.startsWith('s') ? [known[0], Number(known[1] ?? 0)] : [null, Number(before)]
        rows.push(`${s} ${name ? `- ${name}` : ''} - ${periodH} ${x} = ${constant}`)
        before = `${s} 0`
      }
      const isLast = i === stays.length - 1
      const needKwh = Math.max(
        trip || !isLast ? Math.min(usableKwh, (tripKwh[i] ?? 0) + leastShare * usableKwh) : leastShare * usableKwh,
        isLast ? reachedEndKwh : 0,
      )
      const [name, constant = '0'] = before.split(' ')
      if (name?.startsWith('s')) rows.push(`${name} >= ${needKwh - Number(constant)}`)
      const afterKwh = -(tripKwh[i] ?? 0)
      before = name?.startsWith('s') ? `${name} ${Number(constant) + afterKwh}` : String(Number(before) + afterKwh)
    }
  }
  for (const [t, own] of loads.entries())
    rows.push(
      `${own.map((x) => `${x} + `).join('')}0 z - z <= ${-(backgroundKw[t] ?? 0)}`
        .replace('0 z - z', '- z')
        .replace('+ - z', '- z'),
    )
  const { Status, ObjectiveValue } = highs.solve(
    `Minimize\n obj: z\nSubject To\n${rows.map((row, i) => ` r${i}: ${row}`).join('\n')}\nBounds\n${bounds.join('\n')}\n 0 <= z <= 100000\nEnd`,
  )
  if (Status !== 'Optimal') throw new Error(Status)
  return ObjectiveValue
}
