import { Worker } from 'node:worker_threads'
import type { DayProblem } from '../algorithm/index.ts'
import type { PartResult } from './part.ts'
import type { SolveTask } from './worker.ts'

export interface PoolOptions {
  /** Wall-clock time for all parts together. */
  seconds: number
  /** Relative gap at which a part is good enough. */
  gap: number
  workers: number
  overrunSeconds: number
}

/**
 * Solves parts in worker threads, so that the thread that serves requests never waits for a solver. The parts share the time: what easy
 * parts leave goes to later ones. A part whose worker fails has no answer.
 */
export async function solveParts(
  problems: readonly DayProblem[],
  { seconds, gap, workers, overrunSeconds }: PoolOptions,
): Promise<(PartResult | null)[]> {
  const answers: (PartResult | null)[] = problems.map(() => null)
  const endsAt = performance.now() + seconds * 1_000
  const queue = [...problems.entries()]
  const run = async () => {
    let worker = createWorker()
    try {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const [id, problem] = next
        const rounds = Math.ceil((queue.length + 1) / workers)
        const left = Math.max(0.5, (endsAt - performance.now()) / 1_000 / rounds)
        const answer = await solveOn(worker, { problem, seconds: left, gap }, left + overrunSeconds)
        answers[id] = answer
        if (answer) continue
        await worker.terminate()
        worker = createWorker()
      }
    } finally {
      await worker.terminate()
    }
  }
  await Promise.all(Array.from({ length: Math.min(workers, problems.length) }, run))
  return answers
}

function createWorker(): Worker {
  return new Worker(new URL('./worker.ts', import.meta.url))
}

function solveOn(worker: Worker, task: SolveTask, limitSeconds: number): Promise<PartResult | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => done(null), limitSeconds * 1_000)
    const done = (answer: PartResult | null) => {
      clearTimeout(timer)
      worker.off('message', done)
      worker.off('error', failed)
      worker.off('exit', failed)
      resolve(answer)
    }
    const failed = () => done(null)
    worker.on('message', done)
    worker.on('error', failed)
    worker.on('exit', failed)
    worker.postMessage(task)
  })
}
