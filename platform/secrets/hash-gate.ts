import { ProblemError } from '../http/index.ts'

/** Lets a few tasks run at once and a few more wait; refuses the others. */
export interface Gate {
  /** Runs a task when its turn comes. Throws a 503 problem with `Retry-After` if too many wait already. */
  pass<T>(task: () => Promise<T>): Promise<T>
}

/**
 * A gate in front of password hashing, which anybody can ask for and which costs 50 ms of a core and 32 MiB each.
 * @param running tasks at once.
 * @param waiting tasks that may wait for one of those.
 */
export function createGate(running: number, waiting: number): Gate {
  const queue: (() => void)[] = []
  let busy = 0
  return {
    async pass(task) {
      if (busy < running) busy++
      else if (queue.length < waiting) await new Promise<void>((resolve) => queue.push(resolve))
      else throw tooBusy()
      try {
        return await task()
      } finally {
        // The place goes to the next in the queue without becoming free in between.
        const next = queue.shift()
        if (next) next()
        else busy--
      }
    },
  }
}

function tooBusy(): ProblemError {
  const detail = 'More people are logging in than this server can take at once: try again in a few seconds.'
  return new ProblemError('unavailable', detail, { headers: { 'retry-after': '5' } })
}
