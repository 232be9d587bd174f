import type { Worker } from 'node:worker_threads'

/**
 * Sends a task to a worker thread and waits for its next message: a worker works on one task at a time. `null`: it failed, ended, or said
 * nothing within `limitS` seconds of real time. It may still be at work then: end it before another task is sent.
 */
export function answerOf<Answer>(worker: Worker, task: unknown, limitS: number): Promise<Answer | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => done(null), limitS * 1_000)
    const done = (answer: Answer | null) => {
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
