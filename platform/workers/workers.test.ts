import { Worker } from 'node:worker_threads'
import { expect, onTestFinished, test } from 'vitest'
import { answerOf, hundredths, longAnswerOf } from './index.ts'

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

/** A worker that says how far it is, and then does what the task says. */
function startLongWorker(): Worker {
  const script = `
    const { parentPort } = require('node:worker_threads')
    parentPort.on('message', (task) => {
      parentPort.postMessage({ progress: 0.5 })
      if (task === 'throw') throw new Error('thrown in the worker')
      if (task === 'leave') process.exit(0)
      if (task !== 'keep silent') parentPort.postMessage({ answer: 'done: ' + task })
    })`
  const worker = new Worker(script, { eval: true })
  onTestFinished(async () => void (await worker.terminate()))
  return worker
}

test('long work says how far it is before it answers, and no listener stays behind', async () => {
  const [worker, said] = [startLongWorker(), [] as number[]]
  const { signal } = new AbortController()
  expect(await longAnswerOf(worker, 'a', { signal, note: (progress) => said.push(progress) })).toBe('done: a')
  expect(said).toEqual([0.5])
  expect(['message', 'error', 'exit'].map((event) => worker.listenerCount(event))).toEqual([0, 0, 0])
})

test.each([
  ['throw', 'thrown in the worker'],
  ['leave', 'the thread ended with code 0 and without an answer'],
])('long work whose thread is told to %s fails and does not wait for ever', async (task, why) => {
  const { signal } = new AbortController()
  await expect(longAnswerOf(startLongWorker(), task, { signal, note: () => {} })).rejects.toThrow(why)
})

test('long work is given up with the reason of its signal', async () => {
  const given = new AbortController()
  const note = () => given.abort(new Error('no longer wanted'))
  const work = longAnswerOf(startLongWorker(), 'keep silent', { signal: given.signal, note })
  await expect(work).rejects.toThrow('no longer wanted')
})

test('progress is passed on once for each hundredth at most', () => {
  const said: number[] = []
  const note = hundredths((progress) => said.push(progress))
  for (let n = 0; n <= 10_000; n++) note(n / 10_000)
  expect(said.length).toBeLessThanOrEqual(100)
  expect(said.at(-1)).toBeGreaterThan(0.98)
})
