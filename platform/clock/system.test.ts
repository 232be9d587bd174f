import { Instant } from '@js-joda/core'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { SystemClock } from './index.ts'

const failures: string[] = []
const newClock = () => new SystemClock((name, error) => failures.push(`${name}: ${(error as Error).message}`))

test('a periodic task runs at multiples of its period; if it fails it is reported and runs again', async () => {
  const clock = newClock()
  const dues: number[] = []
  await new Promise<void>((resolve) => {
    clock.every('tick', 20, async (at) => {
      dues.push(at.toEpochMilli())
      if (dues.length === 3) resolve()
      throw new Error('not today')
    })
  })
  await clock.stop()
  expect(dues.every((ms) => ms % 20 === 0)).toBe(true)
  expect(new Set(dues).size).toBe(3)
  expect(failures).toContain('tick: not today')
})

test('FM37 a stopped clock starts nothing new and waits for running tasks', async () => {
  const clock = newClock()
  let finish: () => void = () => undefined
  let done = false
  const started = new Promise<void>((begun) => {
    clock.at('long', Instant.ofEpochMilli(0), async () => {
      begun()
      await new Promise<void>((resolve) => (finish = resolve))
      done = true
    })
  })
  let late = 0
  clock.at('late', Instant.ofEpochMilli(Date.now() + 30), async () => {
    late++
  })
  await started
  const stopped = clock.stop().then(() => done)
  finish()
  expect(await stopped).toBe(true)
  await new Promise((resolve) => setTimeout(resolve, 60))
  expect(late).toBe(0)
})

describe('FM39 when the machine’s clock steps', () => {
  const minuteMs = 60_000

  /** The machine's clock, as set: it steps at once, and goes on as fast as ever. */
  function machineClock(startsAt: string) {
    const real = Date.now
    let offsetMs = Instant.parse(startsAt).toEpochMilli() - real()
    vi.spyOn(Date, 'now').mockImplementation(() => real() + offsetMs)
    const steps: number[] = []
    const clock = new SystemClock(
      (name, error) => failures.push(`${name}: ${(error as Error).message}`),
      () => undefined,
      (byMs) => steps.push(byMs),
    )
    onTestFinished(async () => {
      await clock.stop()
      vi.restoreAllMocks()
    })
    return { clock, steps, step: (byMs: number) => (offsetMs += byMs) }
  }

  /** Instants at which a task of every minute starts. */
  function minutesOf(clock: SystemClock): string[] {
    const seen: string[] = []
    clock.every('tick', minuteMs, async (at) => void seen.push(at.toString().slice(11, 16)))
    return seen
  }

  test('FM39 forwards, what fell due by its new time starts within moments, once, and the next in its turn', async () => {
    const { clock, steps, step } = machineClock('2026-01-15T10:00:20Z')
    const seen = minutesOf(clock)
    const told: string[] = []
    clock.at('a change', Instant.parse('2026-01-15T12:30:00Z'), async (at) => void told.push(at.toString()))
    step(3 * 3_600_000)
    await expect.poll(() => seen).toEqual(['10:01'])
    expect(told).toEqual(['2026-01-15T12:30:00Z'])
    step(39_000)
    await expect.poll(() => seen).toEqual(['10:01', '13:01'])
    expect(steps).toHaveLength(2)
    expect(Math.abs((steps[0] ?? 0) - 3 * 3_600_000)).toBeLessThan(250)
  })

  test('FM39 backwards over an instant that has started, it does not start again, and the next starts at its time', async () => {
    const { clock, steps, step } = machineClock('2026-01-15T10:00:59.900Z')
    const seen = minutesOf(clock)
    await expect.poll(() => seen).toEqual(['10:01'])
    step(-2_000)
    await expect.poll(() => steps).toHaveLength(1)
    // The clock passes 10:01 once more before this.
    await expect.poll(() => clock.now().toString() > '2026-01-15T10:01:00.5').toBe(true)
    step(59_000)
    await expect.poll(() => seen.length).toBe(2)
    expect(seen).toEqual(['10:01', '10:02'])
  })

  test('FM39 backwards by hours, work goes on with the next minute of its new time', async () => {
    const { clock, step } = machineClock('2026-01-15T13:00:59.900Z')
    const seen = minutesOf(clock)
    await expect.poll(() => seen).toEqual(['13:01'])
    step(-3 * 3_600_000 - 1_500)
    await expect.poll(() => seen).toEqual(['13:01', '10:01'])
  })

  test('FM39 what waits for a time of day is not early, and what waits for a time to pass is not late', async () => {
    const { clock, steps, step } = machineClock('2026-01-15T10:00:00Z')
    const done: string[] = []
    clock.at('a time of day', clock.now().plusMillis(600), async () => void done.push('time of day'))
    clock.after('a retry', 600, async () => void done.push('retry'))
    step(-3_600_000)
    await expect.poll(() => done).toEqual(['retry'])
    await expect.poll(() => steps).toHaveLength(1)
    expect(done).toEqual(['retry'])
    step(3_600_000)
    await expect.poll(() => done).toEqual(['retry', 'time of day'])
  })

  test('FM39 what goes on meanwhile neither runs twice nor ends the work', async () => {
    const { clock, step } = machineClock('2026-01-15T10:00:59.900Z')
    const seen: string[] = []
    let finish: () => void = () => undefined
    clock.every('tick', minuteMs, async (at) => {
      seen.push(at.toString().slice(11, 16))
      await new Promise<void>((resolve) => (finish = resolve))
    })
    await expect.poll(() => seen).toEqual(['10:01'])
    step(-7_200_000)
    step(-500)
    finish()
    await expect.poll(() => seen).toEqual(['10:01', '08:01'])
    finish()
  })
})
