import { describe, expect, test } from 'vitest'
import { Intake } from './intake.ts'
import { JsonUpload } from './json.ts'

const head = {
  fuId: '5f0c1d1e-6f0e-4b7e-9a53-0d6a1f3c2b10',
  meterId: 'incomer',
  resolution: 'PT15M',
  stamp: 'period-start',
  revision: 1,
}
const reading = { at: '2026-01-14T17:00:00Z', energyWh: 5_000, quality: 'measured' }

/** What a text comes to that arrives in pieces of so many bytes. */
async function read(text: string, size = 1_000) {
  const bytes = new TextEncoder().encode(text)
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.slice(i * size, (i + 1) * size))
  const intake = new Intake()
  const upload = new JsonUpload(ReadableStream.from(pieces), intake)
  const readings = []
  for await (const one of upload.readings) readings.push(one)
  return { readings, faults: intake.faults, head: upload.head() }
}

describe('an upload as JSON', () => {
  test('is the same wherever it is cut into pieces, within a character too', async () => {
    const text = JSON.stringify({ readings: [reading, reading], ...head, meterId: 'Zähler "1"' })
    const whole = await read(text)
    expect(whole.head).toEqual({ ...head, meterId: 'Zähler "1"' })
    expect(whole.readings.map((r) => r.place)).toEqual([0, 1])
    for (const size of [1, 2, 3, 7]) expect(await read(text, size)).toEqual(whole)
  })

  test('takes members that it does not know, of whatever shape', async () => {
    const notes = { note: [{ readings: [1, { readings: [] }] }, '"readings":['], readings: [reading] }
    expect((await read(JSON.stringify({ ...notes, ...head }))).readings).toHaveLength(1)
  })

  test('is refused where it ends early or goes on after its end', async () => {
    const text = JSON.stringify({ readings: [reading], ...head })
    for (const broken of ['', text.slice(0, -1), text.slice(0, 60), `${text}{}`, `${text}]`, text.replace(':', ' ')])
      await expect(read(broken), broken).rejects.toThrow('Malformed JSON')
    expect((await read(`  ${text}\n`)).readings).toHaveLength(1)
  })

  test('is given up where it nests without end, or goes on and on without a reading', async () => {
    const noted = (note: string) =>
      read(`{"note":${note},"readings":[${JSON.stringify(reading)}],${JSON.stringify(head).slice(1)}`)
    expect((await noted(`${'['.repeat(19)}${']'.repeat(19)}`)).readings).toHaveLength(1)
    await expect(noted(`${'['.repeat(20)}${']'.repeat(20)}`)).rejects.toThrow('Malformed JSON')
    expect((await noted(`"${'x'.repeat(90_000)}"`)).readings).toHaveLength(1)
    await expect(noted(`"${'x'.repeat(110_000)}"`)).rejects.toThrow('Malformed JSON')
  })
})
