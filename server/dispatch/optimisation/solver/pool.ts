import { Worker } from 'node:worker_threads'
import { answerOf } from '../../../../platform/workers/index.ts'
import type { AnswerTo, Task, TimedTask } from './worker.ts'

export interface PoolOptions {
  /** Wall-clock time for all tasks together. */
  seconds: number
  workers: number
  /** How long past its time an unresponsive worker is waited for. */
  overrunSeconds: number
}

/**
 * Carries out tasks in worker threads, so that the thread that serves requests never waits for a solver. They share the time: what easy
 * tasks leave goes to later ones. A task whose worker fails has no answer.
 */
export async function runTasks<T extends Task>(
  tasks: readonly T[],
  { seconds, workers, overrunSeconds }: PoolOptions,
): Promise<(AnswerTo<T> | null)[]> {
  const answers: (AnswerTo<T> | null)[] = tasks.map(() => null)
  const endsAt = performance.now() + seconds * 1_000
  const queue = [...tasks.entries()]
  const run = async () => {
    let worker = createWorker()
    try {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const [id, task] = next
        const rounds = Math.ceil((queue.length + 1) / workers)
        const left = Math.max(0.5, (endsAt - performance.now()) / 1_000 / rounds)
        const timed: TimedTask = { task, seconds: left }
        const answer = await answerOf<AnswerTo<T>>(worker, timed, left + overrunSeconds)
        answers[id] = answer
        if (answer) continue
        await worker.terminate()
        worker = createWorker()
      }
    } finally {
      await worker.terminate()
    }
  }
  await Promise.all(Array.from({ length: Math.min(workers, tasks.length) }, run))
  return answers
}

function createWorker(): Worker {
  return new Worker(new URL('./worker.ts', import.meta.url))
}
