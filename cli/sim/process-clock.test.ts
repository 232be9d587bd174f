import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { ProcessClock } from './process-clock.ts'

test('what a process had scheduled never runs once it has ended, nor what it schedules after that', async () => {
  const world = new SimulatedClock(Instant.parse('2026-01-15T12:00:00Z'))
  const clock = new ProcessClock(world)
  const ran: string[] = []
  clock.after('before the end', 2_000, async () => void ran.push('before the end'))
  await world.advanceTo(world.now().plusSeconds(1))
  clock.end()
  clock.after('after the end', 1_000, async () => void ran.push('after the end'))
  clock.every('each second', 1_000, async () => void ran.push('each second'))
  await world.advanceTo(world.now().plusSeconds(10))
  expect(ran).toEqual([])
})
