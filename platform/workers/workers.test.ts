import { Worker } from 'node:worker_threads'
import { expect, onTestFinished, test } from 'vitest'
import { answerOf } from './index.ts'

/** A worker that does with each task what its text says. */
function startWorker(): Worker {
  const script = `
    const { parentPort } = require('node:worker_threads')
    parentPort.on('message', (task) => {
      if (task === 'throw') throw new Error('thrown in the worker')
      if (task === 'leave') process.exit(0)
      if (task !== 'keep silent') parentPort.postMessage('done: ' + task)
    })`
  const worker = new Worker(script, { eval: true })
  onTestFinished(async () => void (await worker.terminate()))
  return worker
}

test('a worker answers one task after the other, and no listener stays behind', async () => {
  const worker = startWorker()
  expect(await answerOf(worker, 'a', 10)).toBe('done: a')
  expect(await answerOf(worker, 'b', 10)).toBe('done: b')
  expect(['message', 'error', 'exit'].map((event) => worker.listenerCount(event))).toEqual([0, 0, 0])
})

test.each(['throw', 'leave'])('a worker that is told to %s has no answer', async (task) => {
  expect(await answerOf(startWorker(), task, 10)).toBeNull()
})

test('a worker that says nothing in time has no answer', async () => {
  expect(await answerOf(startWorker(), 'keep silent', 0.05)).toBeNull()
})
