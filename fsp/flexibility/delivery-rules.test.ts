import { expect, test } from 'vitest'
import { isOut, reportsDue, type Seen, shortfallAhead, shortfallOf } from './delivery-rules.ts'

const equipment = { sockets: 8, withoutLink: 0, faulted: 0, pluggedIn: 6 }
const seen = (change: Partial<Seen> = {}): Seen => ({
  powerW: 10_000,
  baselineW: 40_000,
  turnDownW: 30_000,
  equipment,
  ...change,
})

test('a turn-down is delivered from 95 % of what is asked on, by baseline less what the meters say', () => {
  expect(shortfallOf(seen())).toBeNull()
  // 40 − 11.5 = 28.5 kW is 95 % of 30.
  expect(shortfallOf(seen({ powerW: 11_500 }))).toBeNull()
  expect(shortfallOf(seen({ powerW: 11_501 }))).toBe('28.5 of 30.0 kW: it draws 11.5 kW and would draw 40.0 kW')
})

test('E2EPA012 sockets that cannot be controlled are named, and all of them gone is a reason by itself', () => {
  const some = { ...equipment, withoutLink: 2, faulted: 1 }
  expect(shortfallOf(seen({ powerW: 20_000, equipment: some }))).toBe(
    '20.0 of 30.0 kW: it draws 20.0 kW and would draw 40.0 kW; 8 sockets, of them 2 without a link and 1 faulted',
  )
  const all = { ...equipment, withoutLink: 8 }
  expect(shortfallOf(seen({ powerW: 0, equipment: all }))).toBe(
    'no charge point can be controlled: 8 sockets, of them 8 without a link',
  )
  expect(shortfallOf(seen({ powerW: null, equipment: some }))).toContain('the power is not known')
})

test('E2EPA013 without a vehicle there is nothing to turn down, whatever the baseline says', () => {
  const empty = { ...equipment, pluggedIn: 0 }
  expect(shortfallOf(seen({ powerW: 0, equipment: empty }))).toContain('no vehicle is plugged in')
  expect(shortfallAhead({ ...seen(), equipment: empty })).toContain('no vehicle is plugged in')
})

test('a baseline below what is asked is told before the turn-down begins, and what is drawn by then is not', () => {
  expect(shortfallAhead(seen({ powerW: 40_000 }))).toBeNull()
  expect(shortfallAhead(seen({ baselineW: 20_000 }))).toContain('20.0 of 30.0 kW')
  expect(shortfallAhead(seen({ baselineW: null }))).toBe('the unit has no baseline')
})

const minute = 60_000
const running = (shortfall: string | null) => ({ phase: 'running', sinceMs: 0, shortfall }) as const
const words = (due: { status: string }[]) => due.map(({ status }) => status)

test('started at once, delivering when it has settled, failed after five minutes of shortfall, and ended; nothing twice', () => {
  expect(words(reportsDue({ last: null, shortSinceMs: null }, running(null), 0))).toEqual(['started'])
  expect(words(reportsDue({ last: 'started', shortSinceMs: null }, running(null), 4 * minute))).toEqual([])
  expect(words(reportsDue({ last: 'started', shortSinceMs: null }, running(null), 5 * minute))).toEqual(['delivering'])
  expect(words(reportsDue({ last: 'delivering', shortSinceMs: null }, running(null), 9 * minute))).toEqual([])
  expect(words(reportsDue({ last: 'started', shortSinceMs: minute }, running('x'), 5 * minute))).toEqual([])
  expect(words(reportsDue({ last: 'started', shortSinceMs: minute }, running('x'), 6 * minute))).toEqual(['failed'])
  expect(words(reportsDue({ last: 'failed', shortSinceMs: minute }, running('x'), 7 * minute))).toEqual([])
  expect(words(reportsDue({ last: 'failed', shortSinceMs: null }, running(null), 8 * minute))).toEqual(['delivering'])
  const over = { phase: 'over', sinceMs: null, shortfall: null } as const
  expect(words(reportsDue({ last: 'delivering', shortSinceMs: null }, over, 15 * minute))).toEqual(['ended'])
  expect(words(reportsDue({ last: 'ended', shortSinceMs: null }, over, 16 * minute))).toEqual([])
  expect(words(reportsDue({ last: null, shortSinceMs: null }, over, 16 * minute))).toEqual([])
})

test('a shortfall that lasts from the quarter-hour before is told at once; one that is foreseen before the beginning too', () => {
  expect(words(reportsDue({ last: null, shortSinceMs: -8 * minute }, running('x'), 0))).toEqual(['started', 'failed'])
  const ahead = { phase: 'ahead', sinceMs: null, shortfall: 'x' } as const
  expect(reportsDue({ last: null, shortSinceMs: null }, ahead, 0)).toEqual([{ status: 'failed', detail: 'x' }])
  expect(reportsDue({ last: 'failed', shortSinceMs: null }, ahead, 0)).toEqual([])
})

test('a unit is out of service when half of its sockets are out of control; one without sockets never is', () => {
  expect(isOut({ ...equipment, withoutLink: 3, faulted: 1 })).toBe(true)
  expect(isOut({ ...equipment, withoutLink: 3 })).toBe(false)
  expect(isOut({ sockets: 0, withoutLink: 0, faulted: 0, pluggedIn: 0 })).toBe(false)
})
