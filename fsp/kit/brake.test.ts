import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { Brake, callerOf } from './brake.ts'

test('SEC07 a brake holds a key after its failures until the window ends, and no other key', async () => {
  const clock = new SimulatedClock(Instant.parse('2026-01-15T12:00:00Z'))
  const brake = new Brake(clock, { most: 2, windowMs: 60_000 })
  expect([brake.failed('a'), brake.waitS('a'), brake.failed('a'), brake.waitS('a'), brake.waitS('b')]).toEqual([
    1, 0, 2, 60, 0,
  ])
  await clock.advanceTo(clock.now().plusSeconds(60))
  expect([brake.waitS('a'), brake.failed('a')]).toEqual([0, 1])
  brake.failed('a')
  brake.passed('a')
  expect([brake.waitS('a'), brake.failed('a')]).toEqual([0, 2])
})

test('SEC07 a brake forgets the key that failed longest ago rather than growing without end', () => {
  const brake = new Brake(new SimulatedClock(Instant.EPOCH), { most: 1, windowMs: 60_000 })
  for (let i = 0; i <= 10_000; i++) brake.failed(String(i))
  expect([brake.waitS('0'), brake.waitS('1')]).toEqual([0, 60])
})

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  [undefined, 'unknown'],
])('SEC07 %s counts as %s', (address, caller) => {
  expect(callerOf(address)).toBe(caller)
})
