import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LocalDate } from '@js-joda/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SessionBook } from './session-traffic.ts'
import { readSessions } from './sessions.ts'

const header = 'session_id,station_id,arrival_5min,departure_5min,requested_kwh,max_kw,batt_kwh,init_kwh'
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sessions-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function read(lines: string[], name = 'site_2019-03_sessions.csv') {
  const path = join(folder, name)
  await writeFile(path, `${lines.join('\n')}\n`)
  return await readSessions(path)
}

describe('reading sessions', () => {
  test('a session lies on its local day, with energies in Wh and power in W', async () => {
    expect(await read([header, 's1,CA-1,364,400,4.216,6.6,20,1.5'])).toEqual([
      {
        sessionId: 's1',
        stationId: 'CA-1',
        day: LocalDate.of(2019, 3, 2),
        arrivalMinute: 380,
        departureMinute: 560,
        requestedWh: 4_216,
        maxPowerW: 6_600,
        batteryWh: 20_000,
        storedWh: 1_500,
      },
    ])
  })

  test('FM30 a byte order mark, semicolons and further columns do no harm', async () => {
    const lines = [`\uFEFFnote;${header.replaceAll(',', ';')}`, '=1+1;s1;CA-1;364;400;4;6.6;20;1']
    expect(await read(lines)).toMatchObject([{ sessionId: 's1', batteryWh: 20_000 }])
  })

  test.each([
    ['a missing column', ['session_id,station_id', 's1,CA-1'], /line 1: the column arrival_5min, .* is missing/],
    [
      'a word for a number',
      [header, 's1,A,1,9,4,fast,4,0'],
      /line 2, column max_kw: "fast" is not a valid power; write a number/,
    ],
    ['half a step', [header, 's1,A,1.5,9,4,6.6,4,0'], /line 2, column arrival_5min: "1.5" is not a valid step/],
    ['an empty cell', [header, 's1,,1,9,4,6.6,4,0'], /line 2, column station_id: is empty/],
    [
      'a departure before the arrival',
      [header, 's1,A,9,9,4,6.6,4,0'],
      /column departure_5min: 9 is not after the arrival 9/,
    ],
    ['more than the battery holds', [header, 's1,A,1,9,4,6.6,4,1'], /column requested_kwh: 4 does not fit/],
    ['a negative energy', [header, 's1,A,1,9,-4,6.6,4,0'], /column requested_kwh: "-4" is not a valid energy/],
    ['a battery of nothing', [header, 's1,A,1,9,0,6.6,0,0'], /column batt_kwh: is 0/],
    ['the same session twice', [header, 's1,A,1,9,4,6.6,4,0', 's1,A,1,9,4,6.6,4,0'], /line 3, .*is already on line 2/],
    ['a ragged line', [header, 's1,A,1'], /is not a CSV file/],
    ['no session at all', [header], /has a header but no session/],
    ['an empty file', [''], /is empty/],
  ])('%s is told by line and column', async (_what, lines, message) => {
    await expect(read(lines)).rejects.toThrow(message)
  })

  test('a file that is not there, or whose name carries no date, says what to do', async () => {
    await expect(readSessions(join(folder, 'none_2019-03.csv'))).rejects.toThrow(
      /cannot be read \(ENOENT\): check its path/,
    )
    await expect(read([header, 's1,A,1,9,4,6.6,4,0'], 'sessions.csv')).rejects.toThrow(/has no date/)
    await expect(read([header, 's1,A,1,9,4,6.6,4,0'], 'sessions_2019-13.csv')).rejects.toThrow(/does not exist/)
  })
})

describe('the days of a file over simulated days', () => {
  // 1 March 2019 was a Friday; two stations, one session a day each for 14 days.
  const lines = Array.from({ length: 14 }, (_, d) =>
    ['A', 'B'].map((station) => `${station}${d},${station},${d * 288 + 96},${d * 288 + 120},4,6.6,10,0`),
  ).flat()

  test('a simulated day takes a file day of the same weekday, and each round of stations another week', async () => {
    const book = new SessionBook(await read([header, ...lines]))
    const friday = LocalDate.of(2026, 1, 16)
    const taken = [0, 1, 2, 3].map((place) => book.sessionsOf(friday, place)[0])
    expect(taken.every((session) => session?.day.dayOfWeek().equals(friday.dayOfWeek()))).toBe(true)
    expect(new Set(taken.map((session) => session?.sessionId)).size).toBe(4)
  })

  test('a file without that weekday serves its days in turn', async () => {
    const book = new SessionBook(await read([header, ...lines.slice(0, 4)]))
    const monday = LocalDate.of(2026, 1, 12)
    expect([0, 1].map((d) => book.sessionsOf(monday.plusDays(d), 0)[0]?.sessionId).sort()).toEqual(['A0', 'A1'])
  })
})

const real = fileURLToPath(
  new URL('../../../../shared/data/ev-sessions/acn_caltech_2019-03_sessions.csv', import.meta.url),
)
test.skipIf(!existsSync(real))(
  'the 954 real sessions beside the checkout are read (skipped where ../shared is absent)',
  async () => {
    const sessions = await readSessions(real)
    expect(sessions).toHaveLength(954)
    expect(sessions.reduce((sum, { requestedWh }) => sum + requestedWh, 0) / 1000).toBeCloseTo(8_900.5, 0)
  },
)
