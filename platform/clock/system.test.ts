import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
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
