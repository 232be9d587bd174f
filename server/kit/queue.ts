import type { Instant } from '@js-joda/core'
import type { Timer } from '../../platform/clock/index.ts'
import type { ServerContext } from './context.ts'

/** How often a queue is looked through though nothing was heard of it: word of another server may be lost, and runs be left by one that died. */
const idleMs = 60_000

/** A queue of work that people wait for. */
export interface Queue {
  name: string
  /** How soon what was put into it is begun. */
  everyMs: number
  /** What is announced when something is put into it. */
  topic: Parameters<ServerContext['announce']>[0]
}

/** Looks through a queue soon after something was announced, and otherwise once a minute: an idle queue costs next to nothing. */
export function watchQueue(
  { clock, hear }: Pick<ServerContext, 'clock' | 'hear'>,
  { name, everyMs, topic }: Queue,
  work: (at: Instant) => Promise<void>,
): Timer {
  let isDue = true
  let lookedMs = 0
  const stop = hear((heard) => {
    if (heard === topic) isDue = true
  })
  const timer = clock.every(name, everyMs, async (at) => {
    if (!isDue && at.toEpochMilli() - lookedMs < idleMs) return
    isDue = false
    lookedMs = at.toEpochMilli()
    try {
      await work(at)
    } catch (error) {
      // What is in it still waits.
      isDue = true
      throw error
    }
  })
  return {
    cancel() {
      stop()
      timer.cancel()
    },
  }
}
