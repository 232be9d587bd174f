import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { PlanInput, PlanResult } from '../../../schemas/planning/sites/plan.ts'

/** A thread that plans one site after the other, so that requests never wait for it. */
export interface Planner {
  plan(input: PlanInput): Promise<PlanResult>
  leave(): Promise<void>
}

/** A plan that takes longer has gone wrong: 2,000 vehicles that all differ take half a minute. */
const longestMs = 5 * 60_000

/** Starts the thread with the first plan. One on which it breaks, or takes too long, rejects, and the next one gets a new thread. */
export function createPlanner(): Planner {
  let worker: Worker | null = null
  return {
    async plan(input) {
      worker ??= new Worker(new URL('./worker.ts', import.meta.url))
      const own = worker
      try {
        // `once` rejects when the thread emits an error.
        own.postMessage(input)
        const [result] = (await once(own, 'message', { signal: AbortSignal.timeout(longestMs) })) as [PlanResult]
        return result
      } catch (error) {
        worker = null
        await own.terminate()
        throw error
      }
    },
    async leave() {
      await worker?.terminate()
    },
  }
}
