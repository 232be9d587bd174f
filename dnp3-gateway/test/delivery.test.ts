import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test, vi } from 'vitest'
import { parseLine } from '../delivery/records.ts'
import { hubIdOf, type Rig, startRig } from './support/rig.ts'

const hubId = hubIdOf(1)

describe('FM21 repeated and out-of-order readings', () => {
  test('FM21 a batch whose acknowledgement was lost is sent again with the same sequence, and stored once', async () => {
    await using rig = await startRig()
    rig.dno.mood = 'stores-then-fails'
    await rig.pass(60)
    expect(rig.dno.repeated).toBeGreaterThan(0)
    rig.dno.mood = 'well'
    await rig.pass(60)
    const sequences = rig.dno.sequences(hubId)
    expect(sequences).toEqual(sequences.map((_, i) => i + 1))
    expect(rig.dno.readings()).toHaveLength(rig.hubs.pointsAnswered())
    expect(rig.gateway.counters().waiting).toBe(0)
  })
})

test('a gateway that is stopped while an answer is on its way stores it before it ends', async () => {
  await using rig = await startRig()
  const { relay } = rig.hubs.hub(hubId)
  await rig.pass(60)
  const before = rig.hubs.pointsAnswered()
  relay?.hold(true)
  const passing = rig.pass(60)
  await vi.waitFor(() => expect(rig.hubs.pointsAnswered()).toBeGreaterThan(before), { interval: 1, timeout: 10_000 })
  const closing = rig.gateway.close()
  relay?.hold(false)
  await Promise.all([closing, passing])
  expect(rig.dno.readings()).toHaveLength(rig.hubs.pointsAnswered())
})

describe('a server that is unavailable', () => {
  test('readings wait in the spool meanwhile and arrive in order, without loss or duplicate', async () => {
    await using rig = await startRig({ hubs: 3 })
    await rig.pass(60)
    const port = await rig.dno.close()
    await rig.pass(600)
    expect(rig.gateway.counters()).toMatchObject({ hubsOnline: 3, waiting: 3 * 10 * 26 })
    await rig.dno.open(port)
    await rig.pass(60)
    for (const [id, points] of rig.hubs.pointsAnsweredByHub()) {
      expect(rig.dno.readings(id)).toHaveLength(points)
      expect(rig.dno.sequences(id)).toEqual(rig.dno.sequences(id).map((_, i) => i + 1))
    }
    expect(rig.dno.repeated).toBe(0)
  })

  test('is tried less and less often, and found at most half a minute late', async () => {
    await using rig = await startRig()
    rig.dno.mood = 'unavailable'
    await rig.pass(60)
    const posts = rig.dno.posts
    await rig.pass(600)
    expect(rig.dno.posts - posts).toBeLessThan(45)
    expect(rig.dno.posts - posts).toBeGreaterThanOrEqual(20)
  })

  test('fills the spool to its limit: the newest readings are refused and counted, the oldest arrive', async () => {
    await using rig = await startRig({ gateway: { maxSpoolBytes: 40_000 } })
    rig.dno.mood = 'unavailable'
    await rig.pass(1_200)
    const { waiting, refusedReadings } = rig.gateway.counters()
    expect(refusedReadings).toBeGreaterThan(0)
    expect(rig.dno.report(hubId)).toMatchObject({ refusedReadings, link: 'online' })
    expect(rig.dno.gatewayReport).toMatchObject({ spoolFull: true, refusedReadings, maxSpoolBytes: 40_000 })
    expect(spoolBytes(rig)).toBeLessThanOrEqual(40_000)
    rig.dno.mood = 'well'
    await rig.pass(60)
    expect(rig.dno.readings()).toHaveLength(waiting + 26)
    expect(rig.dno.readings()[0]?.receivedTime).toBe('2026-01-15T06:00:00.000Z')
    expect(rig.dno.sequences(hubId)).toEqual(rig.dno.sequences(hubId).map((_, i) => i + 1))
    await rig.pass(600)
    expect(rig.gateway.counters()).toMatchObject({ waiting: 0, refusedReadings })
    expect(rig.dno.gatewayReport).toMatchObject({ spoolFull: false, refusedReadings })
  })
})

describe('a batch that the server refuses', () => {
  test('is set aside and delays no other', async () => {
    await using rig = await startRig({ hubs: 3 })
    await rig.pass(60)
    rig.dno.spoiltValue = rig.dno.readings(hubIdOf(2)).find((r) => r.quantity === 'active-power')?.value ?? null
    await rig.pass(60)
    expect(rig.gateway.counters()).toMatchObject({ refusedBatches: 1, waiting: 0 })
    expect(rig.dno.sequences(hubIdOf(1))).toHaveLength(3)
    expect(rig.dno.sequences(hubIdOf(2))).toHaveLength(2)
    const [refused] = readFileSync(join(rig.folder, 'refused.jsonl'), 'utf8').trim().split('\n')
    expect(JSON.parse(refused ?? '')).toMatchObject({ hubId: hubIdOf(2), sequence: 3 })
    rig.dno.spoiltValue = null
    await rig.pass(60)
    expect(rig.dno.sequences(hubIdOf(2))).toEqual([1, 2, 4])
  })
})

describe('a gateway that is killed', () => {
  test('has lost nothing that it had accepted: the next one delivers it, once, and continues after it', {
    timeout: 60_000,
  }, async () => {
    await using rig = await startRig({ hubs: 4 })
    await rig.gateway.close()
    rig.dno.mood = 'unavailable'
    for (const hub of rig.dno.hubs) hub.integrityPollS = 1
    const spooled = await killWhenSpooled(rig, 12)
    expect(spooled.length).toBeGreaterThanOrEqual(12)
    rig.dno.mood = 'well'
    for (const hub of rig.dno.hubs) hub.integrityPollS = 60
    await rig.restartGateway()
    await rig.pass(60)
    const stored = new Map(rig.dno.batches.map((batch) => [`${batch.hubId} ${batch.sequence}`, batch]))
    expect(stored.size).toBe(rig.dno.batches.length)
    for (const record of spooled) {
      expect(stored.get(`${record.hubId} ${record.sequence}`)).toEqual(JSON.parse(record.text))
    }
    for (const { hubId: id } of rig.dno.hubs) {
      const sequences = rig.dno.sequences(id)
      expect(sequences).toEqual(sequences.map((_, i) => i + 1))
      expect(sequences.length).toBeGreaterThan(spooled.filter((r) => r.hubId === id).length)
    }
  })
})

/** Runs a gateway as a process of its own on the rig's spool, and kills it (-9) once a number of batches is on disk. */
async function killWhenSpooled(rig: Rig, batches: number) {
  const { url, clientId, clientSecret } = rig.dno
  const child = spawn(process.execPath, [fileURLToPath(new URL('support/child.ts', import.meta.url))], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, RIG: JSON.stringify({ url, clientId, clientSecret, folder: rig.folder }) },
  })
  await vi.waitFor(() => expect(recordsIn(rig).length).toBeGreaterThanOrEqual(batches), { timeout: 30_000 })
  child.kill('SIGKILL')
  await once(child, 'exit')
  return recordsIn(rig)
}

function recordsIn(rig: Rig) {
  return segmentsIn(rig)
    .flatMap((file) => readFileSync(file, 'utf8').split('\n').slice(0, -1))
    .map((line) => parseLine(line))
    .filter((record) => record !== null)
}

function segmentsIn(rig: Rig): string[] {
  return readdirSync(rig.folder)
    .filter((name) => name.endsWith('.spool'))
    .sort()
    .map((name) => join(rig.folder, name))
}

function spoolBytes(rig: Rig): number {
  return segmentsIn(rig).reduce((sum, file) => sum + readFileSync(file).length, 0)
}
