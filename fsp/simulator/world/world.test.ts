import { Instant, LocalDate } from '@js-joda/core'
import { afterEach, describe, expect, test } from 'vitest'
import { depotOperations } from '../../../schemas/fsp/depot-api.ts'
import { depotHistory } from '../../../schemas/fsp/simulation.ts'
import { pathOf } from '../../../schemas/vocabulary/client.ts'
import { History } from '../sites/history.ts'
import { siteFactory } from '../sites/site.ts'
import { profileLimitW } from '../sites/unmanaged.ts'
import { depotNamed, depots, readState, seeds, startWorld, type TestWorld, testDepot } from '../test/support/world.ts'

let world: TestWorld | undefined
afterEach(async () => {
  await world?.close()
  world = undefined
})

const thursday = LocalDate.of(2026, 1, 15)
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)

/** Plays an afternoon at a depot and tells all that the central system heard, and the energy. */
async function playAfternoon(seed: number) {
  const played = await startWorld({ depots: [depotNamed('bexleyheath')], seed })
  try {
    await played.minutes(360)
    const heard = played.central.calls.map((call) => JSON.stringify(call)).sort()
    return { heard, energyWh: played.simulator.energyWh().get('bexleyheath') ?? 0 }
  } finally {
    await played.close()
  }
}

test('the same day and seed give the same messages and energies; another seed gives others', async () => {
  const [first, second, other] = [await playAfternoon(7), await playAfternoon(7), await playAfternoon(8)]
  expect(second).toEqual(first)
  expect(first.energyWh).toBeGreaterThan(30_000)
  expect(other.energyWh).not.toBe(first.energyWh)
})

describe('the fleet', () => {
  test('vans plug in between 14:00 and 18:30 on a working day, and hardly any at the weekend', async () => {
    const history = new History(siteFactory(seeds, 7))
    for (const depot of depots) {
      const working = history.of(depot, thursday).energyWh
      const sunday = history.of(depot, LocalDate.of(2026, 1, 18)).energyWh
      expect(sum(working.slice(56, 96))).toBeGreaterThan(0.9 * sum(working))
      expect(sum(sunday)).toBeLessThan(0.5 * sum(working))
    }
  })

  test('where vans outnumber sockets they charge on alternate days: more of them charge in two days than in one', async () => {
    world = await startWorld({ depots: [depotNamed('bexleyheath')] })
    const tokens = () =>
      new Set(
        world?.central.calls.flatMap(({ action, params }) => (action === 'StartTransaction' ? [params['idTag']] : [])),
      )
    await world.minutes(720)
    const oneDay = tokens().size
    await world.minutes(1440)
    expect(tokens().size).toBeGreaterThan(oneDay)
    expect(tokens().size).toBeGreaterThan(6)
  })

  test('E2EPA013 a depot that is kept empty draws nothing, and its vans come back when it is opened', async () => {
    world = await startWorld({ depots: [depotNamed('bexleyheath')] })
    await world.minutes(300)
    expect(await world.powerW('bexleyheath')).toBeGreaterThan(0)
    world.simulator.controls.setEmpty('bexleyheath', true)
    await world.minutes(1)
    expect(await world.powerW('bexleyheath')).toBe(0)
    world.simulator.controls.setEmpty('bexleyheath', false)
    await world.minutes(1)
    expect(await world.powerW('bexleyheath')).toBeGreaterThan(0)
  })
})

describe('history', () => {
  test('FM01 a day has 92, 96 or 100 quarter-hours, in whole Wh', () => {
    const history = new History(siteFactory(seeds, 7))
    const lengths = ['2026-03-29', '2026-01-15', '2025-10-26'].map(
      (day) => history.of(depotNamed('islington'), LocalDate.parse(day)).energyWh.length,
    )
    expect(lengths).toEqual([92, 96, 100])
    expect(history.of(depotNamed('islington'), thursday).energyWh.every(Number.isInteger)).toBe(true)
  })

  test('charge points stay within the profile at all times', () => {
    const history = new History(siteFactory(seeds, 7))
    for (const depot of depots) {
      const { energyWh } = history.of(depot, thursday)
      const midnight = Date.parse('2026-01-15T00:00:00Z')
      for (const [q, wh] of energyWh.entries()) {
        const limitW = profileLimitW(depot, midnight + q * 900_000)
        expect(wh * 4).toBeLessThanOrEqual(limitW - depot.building.nightW * 0.9)
      }
    }
  })

  test('is the same however it is asked, and is served by the contract', async () => {
    world = await startWorld({ depots: [depotNamed('camden')] })
    const ask = async (query: string) => await fetch(`${world?.simulator.url}/history?${query}`)
    const asked = depotHistory.parse(await (await ask('depotId=camden&day=2026-01-14')).json())
    const factory = siteFactory({ ...seeds, depots: [depotNamed('camden')] }, 7)
    const history = new History(factory)
    history.of(depotNamed('camden'), LocalDate.of(2026, 1, 13))
    expect(asked).toEqual(history.of(depotNamed('camden'), LocalDate.of(2026, 1, 14)))
    expect((await ask('depotId=nowhere&day=2026-01-14')).status).toBe(404)
    expect(await (await ask('depotId=camden&day=soon')).json()).toMatchObject({
      status: 422,
      errors: [{ field: 'day' }],
    })
  })
})

describe('what other simulators are told', () => {
  test('the power on every feeder, buildings and charge points apart', async () => {
    world = await startWorld({ depots: [depotNamed('premier-park')] })
    await world.minutes(300)
    const state = await readState(world.simulator.url)
    expect(state.at).toBe('2026-01-15T17:00:00Z')
    const feeders = state.depots[0]?.feedersW ?? {}
    expect(Object.keys(feeders)).toEqual(['1', '2', '3', '4'])
    const buildingW = (feeders['1'] ?? 0) + (feeders['2'] ?? 0)
    expect(buildingW).toBeGreaterThan(110_000)
    expect(buildingW).toBeLessThan(150_000)
    expect(feeders['3']).toBeGreaterThan(0)
  })

  test('the site load goes to the FSP every five minutes, a reading a minute, vehicles included; what fails is filled in', async () => {
    world = await startWorld({ depots: [depotNamed('camden')], start: Instant.parse('2026-01-15T16:00:00Z') })
    await world.minutes(60)
    expect(world.siteLoad).toHaveLength(12)
    const last = world.siteLoad.at(-1)
    expect(last).toMatchObject({
      path: pathOf(depotOperations.takeSiteLoad, { params: { depotId: 'camden' } }),
      authorization: 'Bearer key',
    })
    expect(last?.readings.map(({ at }) => at.slice(11, 16))).toEqual(['16:56', '16:57', '16:58', '16:59', '17:00'])
    const state = await readState(world.simulator.url)
    expect(last?.readings.at(-1)?.siteLoadW).toBe(Math.round(sum(Object.values(state.depots[0]?.feedersW ?? {}))))
    world.answerSiteLoadWith(503)
    await world.minutes(10)
    world.answerSiteLoadWith(204)
    await world.minutes(5)
    expect(world.siteLoad.at(-1)?.readings).toHaveLength(15)
  })
})

test('a load that is added to a building flows on its cables and in its site load until it is taken away', async () => {
  const own = await startWorld({ depots: [depotNamed('camden')], start: Instant.parse('2026-01-15T02:00:00Z') })
  world = own
  const buildingW = async () => {
    const feeders = depotNamed('camden').feeders.filter(({ role }) => role === 'building')
    const state = await readState(own.simulator.url)
    return sum(feeders.map(({ feeder }) => state.depots[0]?.feedersW[feeder] ?? 0))
  }
  const usualW = await buildingW()
  own.simulator.controls.addLoad('camden', 50_000)
  expect(await buildingW()).toBe(usualW + 50_000)
  await own.minutes(5)
  expect(own.siteLoad.at(-1)?.readings.at(-1)?.siteLoadW).toBeGreaterThan(50_000)
  own.simulator.controls.addLoad('camden', 0)
  expect(await buildingW()).toBeLessThan(50_000)
})

test('vehicles that stood charging overnight go on when the simulation begins', async () => {
  const midnight = Instant.parse('2026-01-15T00:00:00Z')
  world = await startWorld({ depots: [depotNamed('orpington')], start: midnight })
  await world.minutes(2)
  expect(world.central.calls.filter(({ action }) => action === 'StartTransaction').length).toBeGreaterThan(3)
})

describe('real sessions in place of vans', () => {
  const session = { maxPowerW: 6_600, batteryWh: 30_000, storedWh: 0, stationId: 'A', day: LocalDate.of(2019, 3, 7) }
  const sessions = [
    { ...session, sessionId: 'first', arrivalMinute: 13 * 60, departureMinute: 17 * 60, requestedWh: 3_300 },
    { ...session, sessionId: 'second', arrivalMinute: 16 * 60, departureMinute: 19 * 60, requestedWh: 60 * 110 },
    { ...session, sessionId: 'missed', arrivalMinute: 16 * 60, departureMinute: 18 * 60, requestedWh: 5_000 },
  ]

  test('arrive on the same weekday at their time and take what was asked for; one that finds its socket taken waits', async () => {
    world = await startWorld({ depots: [testDepot('alfen-eve-single')], sessions })
    await world.minutes(12 * 60)
    const seen = world.central.calls
      .filter(({ action }) => action === 'StartTransaction' || action === 'StopTransaction')
      .map(({ action, params }) => `${action.slice(0, 5)} ${String(params['timestamp']).slice(11, 16)}`)
    expect(seen).toEqual(['Start 13:00', 'StopT 17:00', 'Start 17:00', 'StopT 19:00'])
    expect(world.simulator.energyWh().get('yard')).toBeCloseTo(9_900, 6)
  })

  test('the weekdays between have none', async () => {
    const friday = Instant.parse('2026-01-16T12:00:00Z')
    const thursdays = sessions.concat({
      ...session,
      sessionId: 'other',
      day: LocalDate.of(2019, 3, 8),
      stationId: 'B',
      arrivalMinute: 780,
      departureMinute: 1020,
      requestedWh: 3_300,
    })
    world = await startWorld({ depots: [testDepot('alfen-eve-single')], sessions: thursdays, start: friday })
    await world.minutes(12 * 60)
    expect(world.simulator.energyWh().get('yard')).toBe(0)
  })
})
