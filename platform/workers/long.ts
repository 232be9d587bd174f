import type { Worker } from 'node:worker_threads'

/** What a thread says while it does long work: how far it is, from 0 to 1, and in the end its answer. */
export type Said<Answer> = { progress: number } | { answer: Answer }

/**
 * Sends long work to a worker thread and waits for its answer. Rejects with what the thread threw, when the thread ends without an answer, or
 * with the reason of `signal` when that aborts. It may still be at work then: end it.
 */
export function longAnswerOf<Answer>(
  worker: Worker,
  task: unknown,
  { signal, note }: { signal: AbortSignal; note(progress: number): void },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      worker.off('message', heard).off('error', failed).off('exit', ended)
      signal.removeEventListener('abort', aborted)
    }
    const failed = (reason: unknown) => {
      leave()
      reject(reason)
    }
    const ended = (code: number) => failed(new Error(`the thread ended with code ${code} and without an answer`))
    const aborted = () => failed(signal.reason)
    const heard = (said: Said<Answer>) => {
      if ('progress' in said) return note(said.progress)
      leave()
      resolve(said.answer)
    }
    worker.on('message', heard).on('error', failed).on('exit', ended)
    signal.addEventListener('abort', aborted)
    if (signal.aborted) return aborted()
    worker.postMessage(task)
  })
}

/** Passes on how far work is, at most once for each hundredth: `say` crosses to another thread. */
export function hundredths(say: (progress: number) => void): (progress: number) => void {
  let last = 0
  return (progress) => {
    if (progress < last + 0.01) return
    last = progress
    say(progress)
  }
}
