/** Checks the README: its examples run as printed, and its device profile matches the tables and what devices do. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createOutstation, GROUPS } from '../index.ts'
import { FUNCTIONS, functionSpec } from '../spec/functions.ts'
import { Iin } from '../spec/iin.ts'
import { QUALIFIERS } from '../spec/qualifiers.ts'

const README = await readFile(join(import.meta.dirname, '../README.md'), 'utf8')

/** The cells of the table under a heading, without the header row. */
function table(heading: string): string[][] {
  const section = README.split(`### ${heading}\n`)[1]?.split('\n### ')[0] ?? ''
  const rows = section.split('\n').filter((line) => line.startsWith('|'))
  return rows.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}

/** `1–4, 7`, as the README writes numbers. */
function numbers(text: string): number[] {
  return text.split(', ').flatMap((part) => {
    const [from = Number.NaN, to = from] = part.split('–').map(Number)
    return Array.from({ length: to - from + 1 }, (_, i) => from + i)
  })
}

describe('the examples of the README', () => {
  test('a master of ten lines reads an outstation of ten lines', { timeout: 30_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dnp3-readme-'))
    await symlink(join(import.meta.dirname, '..'), join(folder, 'dnp3'))
    const port = await freePort()
    const [master = '', outstation = ''] = [...README.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code as string)
    for (const code of [master, outstation]) expect(code.match(/^.*\S.*$/gm)?.length).toBeLessThanOrEqual(10)
    const device = await start(folder, 'outstation.ts', outstation.replace('20000', String(port)))
    const control = await start(folder, 'master.ts', master.replace('20000', String(port)))
    try {
      await expect.poll(control.said, { timeout: 20_000 }).toMatch(/ok: true.*points: 2/s)
      expect(control.said()).toMatch(/^analog 0 240\.5 true null$/m)
    } finally {
      for (const { child } of [control, device]) child.kill()
      await rm(folder, { recursive: true })
    }
  })
})

async function start(folder: string, name: string, code: string): Promise<{ child: ChildProcess; said: () => string }> {
  await writeFile(join(folder, name), code)
  const child = spawn(process.execPath, [name], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.on('data', (text) => {
    said += text
  })
  return { child, said: () => said }
}

/** A port that is free now; the examples cannot ask for a free one. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

describe('the device profile', () => {
  const rows = table('Functions').map(([codes = '', , master, outstation]) => ({ codes, master, outstation }))

  test('names every function of the standard once, except those of secure authentication', () => {
    const named = rows.flatMap(({ codes }) => numbers(codes))
    const left = FUNCTIONS.filter(({ name }) => !name.startsWith('authentication-')).map(({ code }) => code)
    expect(named.toSorted((a, b) => a - b)).toEqual(left)
  })

  test('names exactly the functions that an outstation refuses as not supported', () => {
    const requests = rows.flatMap(({ codes, outstation }) => numbers(codes).map((code) => [code, outstation] as const))
    for (const [code, promise] of requests) {
      if (functionSpec(code)?.answered !== true) continue
      const refused = (answerTo(code) & Iin.functionNotSupported) !== 0
      expect([code, refused]).toEqual([code, promise?.startsWith('no') === true])
    }
  })

  test('names exactly the groups and variations of the tables', () => {
    const promised = table('Objects').flatMap(([names = '', variations = '']) => {
      const groups = numbers(/^[\d, ]+/.exec(names)?.[0].trim() ?? '')
      const lists = variations.split('; ')
      return groups.map((group, i) => [group, lists[i] ?? lists[0]] as const)
    })
    const known = GROUPS.map(({ group, variations, others }) => {
      const listed = Object.keys(variations).map(Number)
      return [group, others === undefined ? listed : 'all'] as const
    })
    const written = promised.map(
      ([group, list = '']) => [group, ['all', '1–255'].includes(list) ? 'all' : numbers(list)] as const,
    )
    expect(merged(written)).toEqual(merged(known))
  })

  test('names exactly the qualifiers of the tables', () => {
    const sentence = /Accepted: (.*?)\nVirtual/s.exec(README)?.[1] ?? ''
    const named = [...sentence.matchAll(/\b[0-9A-F]{2}\b/g)].map(([code]) => Number.parseInt(code, 16))
    expect(named.toSorted((a, b) => a - b)).toEqual(QUALIFIERS.map(({ code }) => code).toSorted((a, b) => a - b))
  })

  test('covers the functions, groups and variations required of the stack', () => {
    const functions = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 18, 20, 21, 22, 23, 24, 129, 130]
    for (const code of functions) {
      const row = rows.find(({ codes }) => numbers(codes).includes(code))
      expect([code, row?.master?.startsWith('no'), row?.outstation?.startsWith('no')]).toEqual([code, false, false])
    }
    const groups = '0–4, 10–13, 20–23, 30–34, 40–43, 50–52, 60, 70, 80, 110, 111, 120'
    const known = new Set(GROUPS.map(({ group }) => group))
    // Group numbers between these, such as 24, are not assigned.
    for (const group of numbers(groups)) expect([group, known.has(group)]).toEqual([group, true])
    // The variations that the standard gives each group, floats and doubles included.
    const last = {
      2: 3,
      4: 3,
      12: 3,
      20: 8,
      21: 12,
      22: 8,
      23: 8,
      30: 6,
      31: 8,
      32: 8,
      33: 8,
      34: 3,
      40: 4,
      41: 4,
      42: 8,
    }
    for (const [group, count] of Object.entries(last)) {
      const variations = Object.keys(GROUPS.find((spec) => spec.group === Number(group))?.variations ?? {})
      expect([group, variations.map(Number)]).toEqual([group, numbers(`1–${count}`)])
    }
  })
})

function merged(rows: readonly (readonly [number, readonly number[] | 'all'])[]): Record<number, unknown> {
  const all: Record<number, unknown> = {}
  for (const [group, variations] of rows) {
    const before = all[group]
    all[group] = Array.isArray(before) && variations !== 'all' ? [...before, ...variations] : variations
  }
  return all
}

/** The indications with which an outstation that offers everything answers a bare request. */
function answerTo(code: number): number {
  const outstation = createOutstation({
    address: 10,
    points: [{ type: 'counter', index: 0 }],
    unsolicited: {},
    onRestart: () => 0,
    onStopApplication: () => true,
  })
  let iin = 0
  const session = outstation.openSession((fragment) => {
    iin = ((fragment[2] as number) << 8) | (fragment[3] as number)
  })
  session.receive(Uint8Array.of(0xc0, code), 0)
  session.close()
  return iin
}
