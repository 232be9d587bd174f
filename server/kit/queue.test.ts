import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import { SimulatedClock } from '../../platform/clock/index.ts'
import type { ServerContext } from './context.ts'
import { watchQueue } from './queue.ts'

const start = Instant.parse('2026-01-15T10:00:00Z')

/** A queue on a clock, the seconds at which it was looked through, and word of a topic. */
function watched(work: (at: Instant) => Promise<void> = async () => undefined) {
  const clock = new SimulatedClock(start, () => undefined)
  const hearers = new Set<Parameters<ServerContext['hear']>[0]>()
  const hear: ServerContext['hear'] = (listener) => {
    hearers.add(listener)
    return () => hearers.delete(listener)
  }
  const looked: number[] = []
  const timer = watchQueue({ clock, hear }, { name: 'queue', everyMs: 5_000, topic: 'planning' }, async (at) => {
    looked.push(at.epochSecond() - start.epochSecond())
    await work(at)
  })
  const announce = (topic: Parameters<ServerContext['announce']>[0]) => {
    for (const listener of hearers) listener(topic)
  }
  return { clock, timer, looked, announce, hearers }
}

test('a queue is looked through at the start, soon after word of it, and otherwise once a minute', async () => {
  const { clock, looked, announce } = watched()
  await clock.advanceTo(start.plusSeconds(62))
  expect(looked).toEqual([0, 60])
  announce('network')
  await clock.advanceTo(start.plusSeconds(70))
  expect(looked).toEqual([0, 60])
  announce('planning')
  await clock.advanceTo(start.plusSeconds(74))
  announce('planning')
  await clock.advanceTo(start.plusSeconds(130))
  expect(looked).toEqual([0, 60, 75])
  await clock.advanceTo(start.plusSeconds(135))
  expect(looked).toEqual([0, 60, 75, 135])
})

test('what comes while a queue is worked through, or could not be worked through, has its turn next time', async () => {
  let works = 0
  const queue = watched(async () => {
    works++
    if (works === 1) queue.announce('planning')
    if (works === 2) throw new Error('the database is down')
  })
  await queue.clock.advanceTo(start.plusSeconds(20))
  expect(queue.looked).toEqual([0, 5, 10])
})

test('a queue that is no longer watched hears nothing', async () => {
  const { clock, timer, looked, hearers } = watched()
  timer.cancel()
  await clock.advanceTo(start.plusSeconds(60))
  expect([looked, hearers.size]).toEqual([[], 0])
})
