import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import { SimulatedClock } from './simulated.ts'

const start = Instant.parse('2026-01-15T00:00:00Z')

test('runs tasks in order of time, then of registration, and awaits each before time moves on', async () => {
  const clock = new SimulatedClock(start)
  const seen: string[] = []
  const note = (name: string) => async (at: Instant) => {
    await new Promise((resolve) => setImmediate(resolve))
    seen.push(`${name} ${at.toString()} ${clock.now().equals(at)}`)
  }
  clock.every('b', 60_000, note('b'))
  clock.every('a', 60_000, note('a'), { offsetMs: 30_000 })
  clock.at('once', start.plusSeconds(60), note('once'))
  await clock.advanceTo(start.plusSeconds(60))
  expect(seen).toEqual([
    'b 2026-01-15T00:00:00Z true',
    'a 2026-01-15T00:00:30Z true',
    'b 2026-01-15T00:01:00Z true',
    'once 2026-01-15T00:01:00Z true',
  ])
})

test('a jump runs nothing, and periodic tasks resume at their next instant', async () => {
  const clock = new SimulatedClock(start)
  const seen: string[] = []
  clock.every('hourly', 3_600_000, async (at) => void seen.push(at.toString()))
  clock.jumpTo(start.plusSeconds(10 * 3600 + 1))
  await clock.advanceTo(start.plusSeconds(11 * 3600))
  expect(seen).toEqual(['2026-01-15T11:00:00Z'])
})

test('a watch runs once an hour and at the end where time passes in one go, at each of its instants where it passes in steps', async () => {
  const clock = new SimulatedClock(start)
  const seen: string[] = []
  clock.every('watch', 60_000, async (at) => void seen.push(at.toString().slice(11, 19)), {
    offsetMs: 15_000,
    isWatch: true,
  })
  await clock.advanceTo(start.plusSeconds(2.5 * 3_600))
  expect(seen.splice(0)).toEqual(['00:00:15', '01:00:15', '02:00:15', '02:29:15'])
  for (const seconds of [15, 60, 75]) await clock.advanceTo(start.plusSeconds(2.5 * 3_600 + seconds))
  expect(seen).toEqual(['02:30:15', '02:31:15'])
})

test('a cancelled task does not run again', async () => {
  const clock = new SimulatedClock(start)
  let runs = 0
  const timer = clock.every('t', 1000, async () => {
    runs++
    if (runs === 2) timer.cancel()
  })
  await clock.advanceTo(start.plusSeconds(10))
  expect(runs).toBe(2)
})

test('a failing task fails the advance by default, or is passed to the given handler', async () => {
  const failing = async () => {
    throw new Error('broken')
  }
  const strict = new SimulatedClock(start)
  strict.every('t', 1000, failing)
  await expect(strict.advanceTo(start.plusSeconds(1))).rejects.toThrow('broken')
  const reported: string[] = []
  const lenient = new SimulatedClock(start, (name) => reported.push(name))
  lenient.every('t', 1000, failing)
  await lenient.advanceTo(start.plusSeconds(1))
  expect(reported).toEqual(['t', 't'])
})
