import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { newAuthority } from '../../../dnp3-gateway/dnp3/test/support/certificates.ts'
import { dissect, HAS_TSHARK } from '../../../dnp3-gateway/dnp3/test/support/tshark.ts'

const MAIN = join(import.meta.dirname, '../../main.ts')
const run = promisify(execFile)

type Line = Record<string, unknown>

/** Runs `ringmain dnp3 …` to its end; resolves with its lines, its errors and its exit code. */
async function dnp3(...args: string[]): Promise<{ lines: Line[]; text: string; errors: string; code: number }> {
  const outcome = await run(process.execPath, [MAIN, 'dnp3', ...args]).then(
    ({ stdout, stderr }) => ({ stdout, stderr, code: 0 }),
    (error: { stdout: string; stderr: string; code: number }) => error,
  )
  const rows = outcome.stdout.split('\n').filter((line) => line !== '')
  const lines = args.includes('--json') ? rows.map((row) => JSON.parse(row) as Line) : []
  return { lines, text: outcome.stdout, errors: outcome.stderr, code: outcome.code }
}

let folder: string
let outstation: ChildProcess
let port = ''
const said: Line[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dnp3-cli-'))
  const file = join(folder, 'points.json')
  const points = [
    { type: 'analog', index: 0, eventClass: 2, value: 240.5 },
    { type: 'analog', index: 1, value: 7 },
    { type: 'binaryOutput', index: 3 },
    { type: 'octetString', index: 0, text: 'hub' },
  ]
  await writeFile(file, JSON.stringify(points))
  const flags = ['--port', '0', '--local', '10', '--remote', '1', '--points', file, '--json']
  outstation = spawn(process.execPath, [MAIN, 'dnp3', 'outstation', ...flags], { stdio: ['pipe', 'pipe', 'inherit'] })
  createInterface({ input: outstation.stdout as NodeJS.ReadableStream }).on('line', (line) =>
    said.push(JSON.parse(line)),
  )
  await vi.waitFor(() => expect(said).toHaveLength(1), { timeout: 20_000 })
  port = String(said[0]?.['listening']).split(':')[1] as string
})

afterAll(async () => {
  outstation.kill()
  await rm(folder, { recursive: true })
})

function tell(line: string): void {
  outstation.stdin?.write(`${line}\n`)
}

const master = (...words: string[]) =>
  dnp3('master', '--host', '127.0.0.1', '--port', port, '--local', '1', '--remote', '10', '--json', ...words)

describe('ringmain dnp3 master and outstation', () => {
  test('read what the points file and standard input say', async () => {
    tell('analog 0 251.5')
    await expect.poll(() => said.some(({ ok }) => ok === true)).toBe(true)
    const events = await master('event')
    expect(events.lines).toMatchObject([
      { kind: 'event', group: 32, index: 0, value: 251.5, quality: ['online'] },
      { ok: true },
    ])
    const { lines, code } = await master('read', 'g30v5:0-1', 'g110v0:0')
    expect(code).toBe(0)
    expect(lines).toMatchObject([
      { group: 30, variation: 5, index: 0, value: 251.5 },
      { group: 30, index: 1, value: 7 },
      { group: 110, index: 0, value: 'hub' },
      { ok: true, points: 3 },
    ])
  })

  test('record what they say, and decode it again in the documented form', async () => {
    const capture = join(folder, 'operate.pcap')
    expect((await master('operate', 'g12v1:3:latch-on', '--pcap', capture)).lines).toEqual([{ ok: true }])
    await expect
      .poll(() => said.find((line) => 'command' in line))
      .toMatchObject({
        command: { kind: 'relay', index: 3, operation: 'latch-on', mode: 'operate' },
      })
    const { lines } = await dnp3('decode', capture, '--json')
    // Beside what was asked for, the outstation greets its master without being asked.
    const greeting: unknown[] = ['unsolicited-response', 'confirm']
    const functions = lines.map((line) => line['function']).filter((name) => !greeting.includes(name))
    expect(functions).toEqual(['select', 'response', 'operate', 'response'])
    if (HAS_TSHARK) {
      const { fragments } = await dissect(capture)
      expect(fragments.flatMap(({ complaints }) => complaints)).toEqual([])
      expect(fragments).toHaveLength(lines.length)
    }
    const select = lines.find((line) => line['function'] === 'select') as Line
    expect(select).toEqual({
      frame: expect.any(Number),
      source: 1,
      destination: 10,
      function: 'select',
      sequence: expect.any(Number),
      iin: null,
      objects: [
        {
          group: 12,
          variation: 1,
          qualifier: 0x17,
          points: [{ index: 3, value: 3, flags: null, time: null, fields: expect.objectContaining({ count: 1 }) }],
        },
      ],
      error: null,
    })
  })

  test('set the time, restart, and repeat as often as asked', async () => {
    expect((await master('time-sync')).lines).toMatchObject([{ ok: true, timeMs: expect.any(Number) }])
    expect((await master('restart', 'warm')).lines).toEqual([{ ok: true, delayMs: 0 }])
    const three = await master('read', 'g30v1:0', '--count', '3', '--interval', '1')
    expect(three.lines.filter(({ ok }) => ok)).toHaveLength(3)
  })

  test('say in one line what is wrong, and fail', async () => {
    const unknown = await master('read', 'g20v0')
    expect(unknown).toMatchObject({ code: 1, lines: [{ ok: false, error: 'refused', iin: expect.any(Number) }] })
    const refused = await master('operate', 'g12v1:9:latch-on', '--direct')
    expect(refused).toMatchObject({ code: 1, lines: [{ ok: false, error: 'command-refused', status: 12 }] })
    const nonsense = await master('read', 'x')
    expect(nonsense).toMatchObject({ code: 1, errors: expect.stringContaining('names no objects') })
    const nobody = await dnp3(
      'master',
      '--host',
      '127.0.0.1',
      '--port',
      '1',
      '--remote',
      '10',
      '--timeout',
      '300',
      'event',
    )
    expect(nobody).toMatchObject({ code: 1, errors: expect.stringContaining('No connection to 127.0.0.1:1') })
    tell('analog 99 1')
    await expect.poll(() => said.at(-1)).toMatchObject({ ok: false, message: 'there is no analog 99' })
  })
})

describe('ringmain dnp3 with --tls', () => {
  test('speaks to a peer of the same authority and of the name asked for, and to nobody else', async () => {
    const authority = await newAuthority('Trial authority')
    const flag = async (name: string) => {
      const { ca, cert, key } = await authority.issue(name)
      const files = Object.entries({ ca, cert, key }).map(
        ([part, pem]) => [join(folder, `${name}-${part}`), pem] as const,
      )
      for (const [file, pem] of files) await writeFile(file, pem)
      return ['--tls', files.map(([file]) => file).join(',')]
    }
    const lines: Line[] = []
    const hub = ['--port', '0', '--points', join(folder, 'points.json'), '--tls-peer', 'control-room', '--json']
    const secure = spawn(process.execPath, [MAIN, 'dnp3', 'outstation', ...hub, ...(await flag('hub-10'))], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    try {
      createInterface({ input: secure.stdout }).on('line', (line) => lines.push(JSON.parse(line)))
      await vi.waitFor(() => expect(lines).toHaveLength(1), { timeout: 20_000 })
      const where = ['--host', '127.0.0.1', '--port', String(lines[0]?.['listening']).split(':')[1] as string]
      const ask = (...flags: string[]) =>
        dnp3('master', ...where, '--remote', '10', '--timeout', '2000', '--json', ...flags, 'read', 'g30v5:0')
      const named = await ask(...(await flag('control-room')), '--tls-peer', 'hub-10')
      expect(named.lines).toMatchObject([
        { group: 30, index: 0, value: 240.5 },
        { ok: true, points: 1 },
      ])
      expect(await ask(...(await flag('somebody')))).toMatchObject({ code: 1 })
      expect(await ask()).toMatchObject({ code: 1 })
    } finally {
      secure.kill()
    }
  })
})

describe('ringmain dnp3 decode', () => {
  test('names a file that is no capture', async () => {
    const file = join(folder, 'points.json')
    expect(await dnp3('decode', file)).toMatchObject({ code: 1, errors: expect.stringContaining('cannot be decoded') })
    expect(await dnp3('decode', join(folder, 'none'))).toMatchObject({
      code: 1,
      errors: expect.stringContaining('ENOENT'),
    })
  })
})
