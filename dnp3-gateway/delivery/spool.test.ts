import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { createLog } from '../../platform/log/index.ts'
import { lineOf, parseLine } from './records.ts'
import { Spool, SpoolFull } from './spool.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ringmain-spool-'))
  folders.push(folder)
  return folder
}

function open(folder: string, maxBytes = 1e6): Spool {
  return Spool.open({ folder, maxBytes, log: createLog('test', 'silent'), nowMs: () => 0 })
}

const sequencesIn = (spool: Spool) => spool.pending(1_000, 1e9).map(({ hubId, sequence }) => `${hubId}${sequence}`)

function segmentsIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.spool'))
    .map((name) => join(folder, name))
}

test('batches come out in the order they went in, numbered per hub, until they are acknowledged', () => {
  const spool = open(newFolder())
  for (const hub of ['a', 'b', 'a', 'a']) spool.append(hub, 1, '{"value":1}')
  expect(sequencesIn(spool)).toEqual(['a1', 'b1', 'a2', 'a3'])
  expect(spool.pending(1, 1e9)[0]?.text).toBe('{"hubId":"a","sequence":1,"readings":[{"value":1}]}')
  spool.acknowledge(new Map([['a', 2]]))
  expect(sequencesIn(spool)).toEqual(['b1', 'a3'])
  expect(spool.size).toMatchObject({ batches: 2, readings: 2 })
  spool.close()
})

test('unacknowledged batches survive a restart, and numbering continues', () => {
  const folder = newFolder()
  const first = open(folder)
  for (let i = 0; i < 3; i++) first.append('a', 1, '1')
  first.acknowledge(new Map([['a', 1]]))
  first.close()
  const second = open(folder)
  expect(sequencesIn(second)).toEqual(['a2', 'a3'])
  second.append('a', 1, '1')
  expect(sequencesIn(second)).toEqual(['a2', 'a3', 'a4'])
  second.close()
})

test('numbers are never used twice, even if the segments that held them are gone', () => {
  const folder = newFolder()
  const first = open(folder, 8_000)
  for (let i = 1; i <= 100; i++) {
    first.append('a', 1, '"x"'.repeat(50))
    first.acknowledge(new Map([['a', i]]))
  }
  expect(segmentsIn(folder)).toHaveLength(1)
  for (const segment of segmentsIn(folder)) rmSync(segment)
  const second = open(folder)
  second.append('a', 1, '1')
  expect(Number(sequencesIn(second)[0]?.slice(1))).toBeGreaterThan(90)
  second.close()
})

test('a server that has stored more than we know moves the numbering on', () => {
  const spool = open(newFolder())
  spool.acknowledge(new Map([['a', 41]]))
  spool.append('a', 1, '1')
  expect(sequencesIn(spool)).toEqual(['a42'])
  spool.close()
})

test('batches of an earlier epoch wait for their own acknowledgement, even across a restart', () => {
  const folder = newFolder()
  const epoch = 2 ** 32
  const first = open(folder)
  for (let i = 0; i < 2; i++) first.append('a', 1, '1')
  // The hub was another gateway's, and is ours again.
  first.acknowledge([['a', 2 * epoch]])
  first.append('a', 1, '1')
  expect(sequencesIn(first)).toEqual(['a1', 'a2', `a${2 * epoch + 1}`])
  first.close()
  const second = open(folder)
  expect(sequencesIn(second)).toEqual(['a1', 'a2', `a${2 * epoch + 1}`])
  const settled = second.acknowledge([
    ['a', 2],
    ['a', 2 * epoch + 1],
  ])
  expect(settled).toEqual({ batches: 3, readings: 3 })
  second.append('a', 1, '1')
  expect(sequencesIn(second)).toEqual([`a${2 * epoch + 2}`])
  second.close()
})

test('waiting batches are synced in groups, except those that the server has acknowledged meanwhile', async () => {
  const spool = open(newFolder())
  for (let i = 0; i < 50; i++) spool.append('a', 1, '"x"'.repeat(50))
  expect(spool.size.unsyncedBytes).toBe(spool.size.bytes)
  await expect.poll(() => spool.size.unsyncedBytes, { timeout: 10_000 }).toBe(0)
  spool.append('a', 1, '1')
  expect(spool.size.unsyncedBytes).toBeGreaterThan(0)
  spool.acknowledge([['a', 51]])
  expect(spool.size).toMatchObject({ batches: 0, unsyncedBytes: 0 })
  spool.close()
})

test('a spool can be closed, and a segment removed, during a sync', async () => {
  const folder = newFolder()
  const log = createLog('test', 'silent')
  const spool = Spool.open({ folder, maxBytes: 4_000, log, nowMs: () => 0, syncMs: 0 })
  // Acknowledgements follow sixteen batches behind, so that there is always something to sync.
  for (let i = 1; i <= 400; i++) {
    spool.append('a', 1, '"x"'.repeat(20))
    await new Promise((resolve) => setImmediate(resolve))
    spool.acknowledge([['a', i - 16]])
  }
  spool.close()
  const second = open(folder)
  expect(sequencesIn(second)).toEqual(Array.from({ length: 16 }, (_, n) => `a${385 + n}`))
  second.close()
})

test('after a power cut it skips the numbers that the server may know and the disk does not', () => {
  const folder = newFolder()
  const first = open(folder)
  first.append('a', 1, '1')
  first.close()
  const numbersAfter = (act: () => void) => {
    act()
    const next = open(folder)
    for (const hub of ['a', 'b']) next.append(hub, 1, '1')
    const sequences = sequencesIn(next)
    next.close()
    return sequences
  }
  expect(numbersAfter(() => undefined)).toEqual(['a1', 'a2', 'b1'])
  const boot = join(folder, 'boot-id')
  expect(readFileSync(boot, 'utf8')).not.toBe('')
  const after = numbersAfter(() => writeFileSync(boot, 'another life of the machine'))
  expect(after).toEqual(['a1', 'a2', 'b1', 'a1003', 'b1002'])
  expect(numbersAfter(() => undefined).slice(-2)).toEqual(['a1004', 'b1003'])
})

test('a line cut short by a kill is dropped, and the next one written is complete', () => {
  const folder = newFolder()
  const first = open(folder)
  for (let i = 0; i < 2; i++) first.append('a', 1, '1')
  const [segment = ''] = segmentsIn(folder)
  const content = readFileSync(segment)
  writeFileSync(segment, content.subarray(0, content.length - 5))
  const second = open(folder)
  expect(second.damaged).toBe(1)
  expect(sequencesIn(second)).toEqual(['a1'])
  second.append('a', 1, '1')
  second.close()
  const third = open(folder)
  expect(third.damaged).toBe(0)
  expect(sequencesIn(third)).toEqual(['a1', 'a2'])
  third.close()
})

test('a line corrupted on disk is skipped', () => {
  const folder = newFolder()
  const first = open(folder)
  first.append('a', 1, '1')
  first.close()
  const [segment = ''] = segmentsIn(folder)
  appendFileSync(segment, 'deadbeef a 2 1 {}\n')
  appendFileSync(segment, lineOf({ hubId: 'a', sequence: 3, readings: 1, text: '{}' }))
  const second = open(folder)
  expect(second.damaged).toBe(1)
  expect(sequencesIn(second)).toEqual(['a1', 'a3'])
  second.close()
})

test('a full spool refuses the newest, keeps the oldest, and accepts again when there is room', () => {
  const folder = newFolder()
  const spool = open(folder, 2_000)
  let kept = 0
  const fill = () => {
    for (;;) {
      spool.append('a', 7, '"y"'.repeat(30))
      kept++
    }
  }
  expect(fill).toThrow(SpoolFull)
  expect(spool.refusedReadings).toBe(7)
  expect(spool.size.bytes).toBeLessThanOrEqual(2_000)
  expect(spool.pending(1, 1e9)[0]?.sequence).toBe(1)
  spool.acknowledge(new Map([['a', kept - 1]]))
  spool.append('a', 7, '1')
  expect(sequencesIn(spool)).toEqual([`a${kept}`, `a${kept + 1}`])
  spool.close()
})

test('a hub can be any single word, and a text any single line', () => {
  const record = { hubId: 'a-b', sequence: 12, readings: 3, text: '{"ü":" 1 2 "}' }
  expect(parseLine(lineOf(record).toString().trimEnd())).toEqual(record)
  expect(parseLine('')).toBeNull()
  expect(parseLine('00000000 ')).toBeNull()
})

test('FM34 with a full disk the newest is refused, what was accepted stays complete, and it continues when there is room', () => {
  const folder = newFolder()
  // The system lets this process write files of 8 KiB at most: a line is cut in the middle, as by a full disk.
  const script = `
    const { Spool } = await import(${JSON.stringify(new URL('spool.ts', import.meta.url).href)})
    const log = { error() {}, warn() {} }
    const spool = Spool.open({ folder: ${JSON.stringify(folder)}, maxBytes: 1e6, log, nowMs: () => 0 })
    const codes = []
    const append = () => {
      try {
        spool.append('a', 7, '"x"'.repeat(100))
        return true
      } catch (error) {
        codes.push(error.code ?? error.message)
        return false
      }
    }
    let kept = 0
    while (append()) kept++
    append()
    console.log(JSON.stringify({ kept, codes, refused: spool.refusedReadings, isFull: spool.isFull, pending: spool.pending(1, 1e9).length }))`
  const limited = ['-c', 'ulimit -f 16 && exec "$0" --input-type=module -e "$1"', process.execPath, script]
  const { stdout, stderr, status } = spawnSync('sh', limited, { encoding: 'utf8' })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  const told = JSON.parse(stdout)
  expect(told).toMatchObject({ refused: 14, isFull: true, pending: 1 })
  expect(told.codes).toEqual(Array(2).fill(expect.stringMatching(/^the disk took \d+ of \d+ octets$/)))
  expect(told.kept).toBeGreaterThan(10)
  const spool = open(folder)
  expect(spool.damaged).toBe(0)
  expect(sequencesIn(spool)).toEqual(Array.from({ length: told.kept }, (_, n) => `a${n + 1}`))
  spool.append('a', 7, '1')
  expect(sequencesIn(spool).at(-1)).toBe(`a${told.kept + 1}`)
  spool.close()
})
