import { Worker } from 'node:worker_threads'
import { longAnswerOf } from '../../../platform/workers/index.ts'
import type { PlanInput, PlanResult } from '../../../schemas/planning/sites/plan.ts'
import type { RunWatch } from '../../kit/index.ts'

/** A thread that plans one site after the other, so that requests never wait for it. */
export interface Planner {
  plan(input: PlanInput, watch: RunWatch): Promise<PlanResult>
  leave(): Promise<void>
}

/** A plan that takes longer has gone wrong: 2,000 vehicles that all differ take half a minute. */
const longestMs = 5 * 60_000

/** Starts the thread with the first plan. One on which it breaks, that takes too long or is given up, rejects, and the next one gets a new thread. */
export function createPlanner(): Planner {
  let worker: Worker | null = null
  return {
    async plan(input, { signal, note }) {
      worker ??= new Worker(new URL('./worker.ts', import.meta.url))
      const own = worker
      try {
        const inTime = AbortSignal.any([signal, AbortSignal.timeout(longestMs)])
        return await longAnswerOf<PlanResult>(own, input, { signal: inTime, note })
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
