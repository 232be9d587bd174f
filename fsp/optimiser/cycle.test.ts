import { expect, test } from 'vitest'
import { type CycleSocket, decideCycle, movesThatFit } from './cycle.ts'
import { drawCeilingA, rankedMs } from './priority.ts'
import { type SupplyState, type Wiring, wiringOf } from './supply.ts'

const state: SupplyState = {
  mpan: '1',
  headroomW: 100 * 230,
  caps: [],
  connectionW: 300 * 230,
  phaseLimitA: null,
  takenW: 0,
  feeders: [
    { feeder: 1, mpan: null, ratedA: null, otherLoadW: 0 },
    { feeder: 2, mpan: null, ratedA: 20, otherLoadW: 0 },
    { feeder: 3, mpan: '2', ratedA: null, otherLoadW: 0 },
  ],
  supplies: [{ mpan: '2', limitW: 15 * 230, phaseLimitA: null, otherLoadW: 5 * 230 }],
}
const model = { maxCurrentA: 32, minCurrentA: 6, canPause: true, coupling: 'independent' as const }

function socket(
  key: string,
  change: Partial<CycleSocket> & { wiring?: Wiring; feeder?: number; unitA?: number } = {},
): CycleSocket {
  const { wiring = 'one', feeder = 1, unitA = null, ...rest } = change
  return {
    key,
    place: { identity: key.split('/')[0] as string, feeder, mpan: null, wiring, unitA },
    model,
    usefulA: null,
    laxityMs: Number(key.split('/')[1] ?? 0),
    plannedA: null,
    uncommandedA: 6,
    isReachable: true,
    ...rest,
  }
}
const amperes = (sockets: CycleSocket[], change: Partial<SupplyState> = {}, minimumA: number | null = null) => {
  const { shares } = decideCycle({ ...state, ...change }, sockets, minimumA)
  return sockets.map(({ key }) => [shares.get(key)?.limitA, shares.get(key)?.boundBy])
}

test('H4 a socket of three phases takes three times its current of the connection', () => {
  // 100 A in all: 32 A on three phases are 96 A, which leaves 4 A; the first gives 1 A on each for the least of the second.
  expect(amperes([socket('a/1', { wiring: 'all' }), socket('b/2')])).toEqual([
    [31, 'connection'],
    [7, 'connection'],
  ])
})

test('H4 a phase carries no more than is stated for it, and what is of unknown phase counts on each', () => {
  const onOne = [socket('a/1', { wiring: 'L1' }), socket('b/2', { wiring: 'L1' }), socket('c/3', { wiring: 'L2' })]
  expect(amperes(onOne, { phaseLimitA: 40 })).toEqual([
    [32, null],
    [8, 'connection/L1'],
    [32, null],
  ])
  // The building takes 3 × 10 A of it.
  expect(amperes(onOne, { phaseLimitA: 40, takenW: 30 * 230 })[1]).toEqual([0, 'connection/L1'])
  expect(amperes([socket('a/1', { wiring: 'L1' }), socket('b/2')], { phaseLimitA: 40 })[1]).toEqual([
    8,
    'connection/L1',
  ])
})

test('H4 without a stated current a phase carries a third of the connection, which sockets of unknown phase never feel', () => {
  const capacity = { connectionW: 90 * 230, headroomW: 90 * 230 }
  expect(amperes([socket('a/1', { wiring: 'L1' }), socket('b/2', { wiring: 'L1' })], capacity)[1]).toEqual([
    0,
    'connection/L1',
  ])
  expect(amperes([socket('a/1'), socket('b/2'), socket('c/3')], capacity)).toEqual([
    [32, null],
    [32, null],
    [26, 'connection'],
  ])
})

test('H4 a feeder carries its rating on each phase', () => {
  const sockets = [
    socket('a/1', { feeder: 2, wiring: 'L3' }),
    socket('b/2', { feeder: 2, wiring: 'L3' }),
    socket('c/3'),
  ]
  // Of 20 A the first takes 14 so that the second has its least; the third is on another feeder.
  expect(amperes(sockets)).toEqual([
    [20, 'feeder-2/L3'],
    [0, 'feeder-2/L3'],
    [32, null],
  ])
})

test('H4 a socket on another meter point takes of that, and nothing of the connection', () => {
  // 15 A less 5 A of other load.
  expect(amperes([socket('a/1', { feeder: 3 }), socket('b/2')], { headroomW: 32 * 230 })).toEqual([
    [10, 'mpan-2'],
    [32, null],
  ])
})

test('I6 sockets that share a current carry it together', () => {
  const shared = { model: { ...model, coupling: 'shared-current' as const }, unitA: 32 }
  expect(amperes([socket('a/1', shared), socket('a/2', shared)])).toEqual([
    [32, null],
    [0, 'unit-a'],
  ])
  expect(amperes([socket('a/1', { ...shared, usefulA: 20 }), socket('a/2', shared)])).toEqual([
    [20, null],
    [12, 'unit-a'],
  ])
})

test('I10 of a unit that takes one socket at a time the most urgent is commanded, and the other is counted with what it may draw', () => {
  const alone = { model: { ...model, coupling: 'one-at-a-time' as const } }
  const sockets = [socket('a/2', { ...alone, uncommandedA: 20 }), socket('a/1', alone), socket('b/3')]
  const { shares } = decideCycle({ ...state, headroomW: 60 * 230 }, sockets)
  expect(shares.get('a/2')).toMatchObject({ isCommanded: false, limitA: 20, boundBy: 'one-socket-at-a-time' })
  expect([shares.get('a/1')?.limitA, shares.get('b/3')?.limitA]).toEqual([32, 8])
})

test('H4 a socket without a link is counted with what it may draw, and one that cannot pause gets its least whatever there is', () => {
  const lost = socket('a/1', { isReachable: false, uncommandedA: 16 })
  const legacy = socket('b/2', { model: { ...model, canPause: false, minCurrentA: 8 } })
  const { shares } = decideCycle({ ...state, headroomW: 20 * 230 }, [lost, legacy, socket('c/3')])
  expect(shares.get('b/2')).toMatchObject({ limitA: 8, isForced: true })
  expect(shares.get('c/3')).toMatchObject({ limitA: 0, boundBy: 'connection' })
})

test('H4 the plan holds back whom it gives nothing now, and caps the others, unless they cannot pause', () => {
  const legacy = { model: { ...model, canPause: false } }
  expect(
    amperes([
      socket('a/1', { plannedA: 0 }),
      socket('b/2', { plannedA: 10 }),
      socket('c/3', { plannedA: 0, ...legacy }),
    ]),
  ).toEqual([
    [0, 'plan'],
    [10, 'plan'],
    [6, 'plan'],
  ])
})

test('H4 a minimum for every vehicle comes before the wishes of the urgent', () => {
  const three = [socket('a/1'), socket('b/2'), socket('c/3')]
  expect(amperes(three, { headroomW: 40 * 230 }, 8).map(([limitA]) => limitA)).toEqual([24, 8, 8])
})

test('a raise waits until those who are to draw less have taken their limits', () => {
  const result = decideCycle({ ...state, headroomW: 40 * 230 }, [])
  const { place } = socket('x/1')
  const move = (key: string, heldA: number, wantedA: number) => ({ key, place, heldA, wantedA })
  // Of 40 A the first still holds 32: only 2 A more fit beside the second's 6 A.
  const fitting = movesThatFit(result, [move('second', 6, 32), move('first', 32, 8), move('third', 0, 0)])
  expect([...fitting]).toEqual(['first', 'third'])
  expect([...movesThatFit(result, [move('second', 6, 32), move('first', 8, 8)])]).toEqual(['second', 'first'])
})

test('what a charge point is wired to follows its register, and its model where that says no phase', () => {
  expect([wiringOf('L2', 3), wiringOf(null, 3), wiringOf('all', 3), wiringOf(null, 1), wiringOf('all', 1)]).toEqual([
    'L2',
    'all',
    'all',
    'one',
    'one',
  ])
})

const hour = 3_600_000

test('H10 H15 the lower state of charge comes first among vehicles that are not pressed, as much as the weights say', () => {
  const even = { schedule: 1, stateOfCharge: 1 }
  // 5 h and 20 %: 1 h + (4 h + 4.8 h) / 2; 4 h and 60 %: 1 h + (3 h + 14.4 h) / 2.
  expect([rankedMs(5 * hour, 0.2, even) / hour, rankedMs(4 * hour, 0.6, even) / hour]).toEqual([5.4, 9.7])
  expect(rankedMs(5 * hour, 0.2, { schedule: 1, stateOfCharge: 0 })).toBe(5 * hour)
  // Unknown ranks as half full: 1 h + (4 h + 12 h) / 2.
  expect(rankedMs(5 * hour, null, even) / hour).toBe(9)
  // A departure within the hour comes before any battery.
  expect(rankedMs(0.9 * hour, 1, even)).toBeLessThan(rankedMs(1.1 * hour, 0, even))
})

test('a vehicle of one phase at a socket of three is not taken for one that needs less', () => {
  const limit = { limitA: 32, sentMs: 0 }
  // 7,300 W are 31.7 A on one phase, all that 32 A allow; on three they would be 10.6 A.
  expect(drawCeilingA(null, 7_300, limit, 5 * 60_000, 3)).toBeNull()
  // 11 kW need two phases at least: 11,000 / 230 / 2 = 23.9 A, so 24 A and 2 more.
  expect(drawCeilingA(null, 11_000, limit, 5 * 60_000, 3)).toBe(26)
})

test('H17 what else a cable carries is taken off its rating, phase by phase', () => {
  // 6,900 W are 10 A in each of three phases: 10 of 20 A are left.
  const feeders = state.feeders.map((each) => (each.feeder === 2 ? { ...each, otherLoadW: 6_900 } : each))
  const own = socket('a/1', { feeder: 2, wiring: 'L1' })
  expect(decideCycle({ ...state, phaseLimitA: 100, feeders }, [own]).shares.get('a/1')).toMatchObject({
    limitA: 10,
    boundBy: 'feeder-2/L1',
  })
})
