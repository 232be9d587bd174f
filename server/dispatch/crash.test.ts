import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Instant } from '@js-joda/core'
import { beforeEach, expect, test } from 'vitest'
import { type DispatchRig, rigDay, startDispatchRig } from '../../test/support/dispatch.ts'

const tick = Instant.parse(`${rigDay}T16:30:00Z`)
const script = fileURLToPath(new URL('../../test/support/dispatch-worker.ts', import.meta.url))

let rig: DispatchRig
beforeEach(async () => {
  rig = await startDispatchRig(Instant.parse(`${rigDay}T16:20:00Z`))
})

function startWorker(): ChildProcess {
  const args = [script, rig.databaseUrl, rig.server.secretKey.toString('hex'), tick.toString()]
  return spawn(process.execPath, args, { stdio: 'ignore' })
}

async function kill(worker: ChildProcess): Promise<void> {
  const gone = once(worker, 'exit')
  worker.kill('SIGKILL')
  await gone
}

test('FM06 a server killed while its request is at the FSP: another asks, and finds the one effect', async () => {
  const fuId = await rig.contractedUnit('Killed after sending')
  rig.control.behaviour = 'hang'
  const worker = startWorker()
  await expect.poll(() => rig.control.received.length, { timeout: 20_000 }).toBe(1)
  await kill(worker)
  expect((await rig.instructions(fuId)).map((i) => i.state)).toEqual(['sent'])
  rig.control.behaviour = 'accept'
  rig.control.release()
  await expect.poll(() => rig.control.taken.size).toBe(1)
  rig.startJobs()
  await rig.clock.advanceTo(tick.plusSeconds(120))
  expect((await rig.instructions(fuId)).map((i) => i.state)).toEqual(['acknowledged'])
  expect([rig.control.received.length, rig.control.taken.size]).toEqual([1, 1])
})

test('FM06 a server killed before the FSP took anything: another sends the same again, to one effect', async () => {
  const fuId = await rig.contractedUnit('Killed before effect')
  rig.control.behaviour = 'hang'
  const worker = startWorker()
  await expect.poll(() => rig.control.received.length, { timeout: 20_000 }).toBe(1)
  await kill(worker)
  rig.control.behaviour = 'accept'
  rig.startJobs()
  await rig.clock.advanceTo(tick.plusSeconds(120))
  expect((await rig.instructions(fuId)).map((i) => i.state)).toEqual(['acknowledged'])
  expect(new Set(rig.control.received.map((i) => i.instructionId)).size).toBe(1)
  expect(rig.control.taken.size).toBe(1)
})

test('FM06 FM08 two server processes tick at once: one instruction, one effect', async () => {
  const fuIds = [await rig.contractedUnit('One'), await rig.contractedUnit('Two')]
  const workers = [startWorker(), startWorker()]
  await Promise.all(workers.map((worker) => once(worker, 'exit')))
  expect(rig.control.received.map((i) => i.fuId).sort()).toEqual([...fuIds].sort())
})
