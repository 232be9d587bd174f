import { expect, test } from 'vitest'
import { createGate } from './hash-gate.ts'

test('SEC06 lets two run and three wait, refuses the sixth with a time, and takes the next when there is room', async () => {
  const gate = createGate(2, 3)
  const open: (() => void)[] = []
  let [running, most] = [0, 0]
  const task = async () => {
    most = Math.max(most, ++running)
    await new Promise<void>((resolve) => open.push(resolve))
    running--
  }
  const tasks = Array.from({ length: 5 }, () => gate.pass(task))
  await expect(gate.pass(task)).rejects.toMatchObject({ kind: 'unavailable', headers: { 'retry-after': '5' } })
  while (open.length > 0) {
    open.shift()?.()
    await new Promise((resolve) => setImmediate(resolve))
  }
  await Promise.all(tasks)
  expect(most).toBe(2)
  await expect(gate.pass(async () => 'done')).resolves.toBe('done')
})

test('a task that fails leaves its place', async () => {
  const gate = createGate(1, 0)
  await expect(gate.pass(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed')
  await expect(gate.pass(async () => 'done')).resolves.toBe('done')
})
