import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { keepRun, RunGivenUp } from './kept-run.ts'

const start = Instant.parse('2026-01-15T10:00:00Z')

test('while its work goes on a run is called alive with how far it is, and no longer when it has ended', async () => {
  const [clock, seen] = [new SimulatedClock(start), [] as number[]]
  const alive = async (progress: number) => seen.push(progress) > 0
  const answer = await keepRun(clock, 'run', alive, async ({ note }) => {
    await clock.advanceTo(start.plusSeconds(20))
    note(0.4)
    await clock.advanceTo(start.plusSeconds(40))
    return 'found'
  })
  await clock.advanceTo(start.plusSeconds(600))
  // A simulated clock starts with an instant that is due.
  expect([answer, ...seen]).toEqual(['found', 0, 0, 0.4])
})

test('the work of a run that nobody wants any more is given up', async () => {
  const clock = new SimulatedClock(start)
  const work = keepRun(
    clock,
    'run',
    async () => false,
    ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  )
  const given = expect(work).rejects.toBeInstanceOf(RunGivenUp)
  await clock.advanceTo(start.plusSeconds(20))
  await given
})
