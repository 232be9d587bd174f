import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Learnt, Lesson } from './train.ts'

/** A thread that learns one place after the other, so that requests never wait for it. */
export interface Student {
  learn(lesson: Lesson): Promise<Learnt>
  leave(): Promise<void>
}

/** Starts the thread. A lesson on which it breaks rejects, and the next one gets a new thread. */
export function createStudent(): Student {
  let worker: Worker | null = null
  return {
    async learn(lesson) {
      worker ??= new Worker(new URL('./worker.ts', import.meta.url))
      const own = worker
      try {
        // `once` rejects when the thread emits an error.
        own.postMessage(lesson)
        const [learnt] = (await once(own, 'message')) as [Learnt]
        return learnt
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
