import { expect, test } from 'vitest'
import type { DeliveryPeriod } from '../../../schemas/dispatch/delivery.ts'
import { deliveryWatchSettings } from '../../../schemas/settings/dispatch.ts'
import { knownDelivery, runEndMs, watchOf } from './watching.ts'

const figures = deliveryWatchSettings.defaults

/** Quarter-hours in a row from 17:00, each with what is delivered of 40 kW; `null` where nothing is measured. */
function quarters(deliveredW: readonly (number | null)[], instructedW = 40_000): DeliveryPeriod[] {
  return deliveredW.map((w, i) => ({
    from: new Date(Date.UTC(2026, 0, 15, 17, i * 15)).toISOString(),
    to: new Date(Date.UTC(2026, 0, 15, 17, i * 15 + 15)).toISOString(),
    instructedW,
    expectedW: 60_000,
    seenW: w === null ? null : 60_000 - w,
    source: w === null ? null : 'fu',
    seenAt: null,
    deliveredW: w,
    fraction: w === null ? null : w / instructedW,
  }))
}

const watch = (deliveredW: readonly (number | null)[]) => watchOf(quarters(deliveredW), 40_000, figures)

test('22 of 40 kW in two quarter-hours are 18 kW missing; one quarter-hour alone is not enough', () => {
  expect(watch([22_000])).toEqual({ short: 'clear', notSeen: 'clear' })
  expect(watch([22_000, 22_000])).toMatchObject({ short: { deliveredW: 22_000, missingW: 18_000 }, notSeen: 'clear' })
  // The latest counts.
  expect(watch([10_000, 22_000, 30_000])).toMatchObject({ short: { deliveredW: 30_000, missingW: 10_000 } })
  // Nothing less than none is delivered, although it imports 10 kW more than expected.
  expect(watch([-10_000, -10_000])).toMatchObject({ short: { deliveredW: 0, missingW: 40_000 } })
})

test('38 of 40 kW are within the tolerance of 5 %, 37.9 kW are not', () => {
  expect(watch([38_000, 38_000]).short).toBe('clear')
  expect(watch([37_900, 37_900])).toMatchObject({ short: { missingW: 2_100 } })
})

test('one quarter-hour that was delivered clears the alarm, and the next that is short does not raise it again at once', () => {
  expect(watch([22_000, 22_000, 40_000]).short).toBe('clear')
  expect(watch([22_000, 22_000, 40_000, 22_000]).short).toBe('keep')
  expect(watch([22_000, 22_000, 40_000, 22_000, 22_000])).toMatchObject({ short: { missingW: 18_000 } })
})

test('nothing measured in two quarter-hours is not seen; one measured as short among them is short, and silence takes nothing back', () => {
  expect(watch([null, null])).toEqual({ short: 'keep', notSeen: { unexpected: false } })
  expect(watch([22_000, null])).toMatchObject({ short: { missingW: 18_000 }, notSeen: 'keep' })
  expect(watch([null, 22_000])).toMatchObject({ short: { missingW: 18_000 }, notSeen: 'clear' })
  expect(watch([22_000, 22_000, null, null])).toEqual({ short: 'keep', notSeen: { unexpected: false } })
  expect(watch([40_000, null])).toEqual({ short: 'keep', notSeen: 'keep' })
})

test('what is measured against nothing expected cannot be judged, which is not seen either', () => {
  const blind = quarters([0, 0]).map((each) => ({ ...each, expectedW: null, deliveredW: null, fraction: null }))
  expect(watchOf(blind, 40_000, figures)).toEqual({ short: 'keep', notSeen: { unexpected: true } })
})

test('a turn-up is judged alike, and what came before a gap or a change of direction belongs to an earlier run', () => {
  const up = quarters([-22_000, -22_000], -40_000)
  expect(watchOf(up, -40_000, figures)).toMatchObject({ short: { deliveredW: 22_000, missingW: 18_000 } })
  const changed = [...quarters([22_000], 40_000), ...quarters([0, -22_000], -40_000).slice(1)]
  expect(watchOf(changed, -40_000, figures).short).toBe('clear')
  const gap = quarters([22_000, 0, 22_000]).filter((_, i) => i !== 1)
  expect(watchOf(gap, 40_000, figures).short).toBe('clear')
})

test('what is known of a delivery is what was last measured of it', () => {
  const known = (deliveredW: readonly (number | null)[]) => knownDelivery(quarters(deliveredW), 40_000, figures)
  expect(known([10_000, 22_000])).toEqual({ state: 'short', deliveredW: 22_000 })
  expect(known([22_000, null])).toEqual({ state: 'short', deliveredW: 22_000 })
  expect(known([22_000, 39_000])).toEqual({ state: 'delivered', deliveredW: 39_000 })
  expect(known([22_000, null, null])).toEqual({ state: 'not-seen', deliveredW: null })
  expect(known([null])).toEqual({ state: 'not-judged', deliveredW: null })
})

test('after the end, or below 200 W, nothing is watched', () => {
  expect(watchOf(quarters([22_000, 22_000]), 0, figures)).toEqual({ short: 'clear', notSeen: 'clear' })
  expect(watchOf(quarters([0, 0], 199), 199, figures)).toEqual({ short: 'clear', notSeen: 'clear' })
})

test('a run ends where nothing more is asked, whatever number of instructions make it up', () => {
  const at = (time: string) => Date.parse(`2026-01-15T${time}:00Z`)
  const asked = (from: string, to: string, turnDownW: number) => ({
    product: 'A',
    turnDownW,
    fromMs: at(from),
    toMs: at(to),
  })
  const one = [asked('17:00', '17:15', 40_000), asked('17:15', '17:30', 20_000), asked('17:30', '17:45', 0)]
  expect(runEndMs(one, at('17:05'))).toBe(at('17:30'))
  expect(runEndMs([asked('17:00', '17:15', 40_000), asked('17:15', '17:30', -20_000)], at('17:05'))).toBe(at('17:15'))
})
