import { randomUUID } from 'node:crypto'
import { Instant, LocalDate } from '@js-joda/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import { operations } from '../../../schemas/operations.ts'
import { dayStart, periodCount } from '../../../schemas/vocabulary/time.ts'
import type { Client } from '../../../test/support/client.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import {
  giveAuthority,
  registerFsp,
  registerUnit,
  saveTestNetwork,
  saveTestSite,
  type TestFsp,
} from '../../../test/support/market.ts'
import { startTestServer } from '../../../test/support/server.ts'

const start = Instant.parse('2026-01-14T09:00:00Z')
const day = '2026-01-16'
const nowhere = {
  controlApi: {
    baseUrl: 'http://127.0.0.1:9/control',
    tokenEndpoint: 'http://127.0.0.1:9/token',
    clientId: 'dno',
    clientSecret: 'long enough',
    scope: 'control',
  },
}

let clock: SimulatedClock
let engineer: Client
let fsp: TestFsp
let other: TestFsp
let mpan: string
let stored: () => Promise<number>

beforeAll(async () => {
  const { db, url } = await createTestDatabase('server')
  clock = new SimulatedClock(start)
  const server = await startTestServer(url, clock)
  engineer = await server.person('erin', 'flexibility-engineer')
  await saveTestNetwork(db)
  mpan = (await saveTestSite(db, start)).mpan
  fsp = await registerFsp(server, engineer, 'Depot Charging Ltd', nowhere)
  await giveAuthority(engineer, fsp.client, mpan)
  other = await registerFsp(server, engineer, 'Another Ltd', nowhere)
  stored = async () => Number((await db.$client`select count(*)::int as n from submitted_schedule`)[0]?.['n'])
})

function submission(
  kind: string,
  values: (number | string | null)[],
  change: { resolution?: string; start?: string; revision?: number } = {},
  of = day,
) {
  return { kind, resolution: 'PT15M', start: dayStart(LocalDate.parse(of)).toString(), revision: 1, values, ...change }
}

const flat = (value: number | string, length = 96) => Array.from({ length }, () => value)

async function refused(request: () => Promise<{ status: number; body: unknown }>) {
  const before = await stored()
  const answer = await request()
  expect(await stored()).toBe(before)
  return answer
}

describe('by API', () => {
  test.each([
    ['FB02', 'baseline', 65_000, -1e10],
    ['FB03', 'cost', '95.50', 95.5],
    ['FB04', 'deviation', 40_000, 50_001],
    ['FB04', 'availability', 40_000, -1],
  ] as const)('%s a %s schedule is taken, and one out of range named and refused', async (_id, kind, value, bad) => {
    const { fuId } = await registerUnit(fsp.client, `FU for ${kind}`, mpan)
    const params = { fuId, day, kind }
    const put = (body: object) => fsp.client.ask(operations.submitSchedule, { params, body })
    const taken = await put(submission(kind, flat(value)))
    expect(taken).toMatchObject({ status: 200, body: { fuId, kind, revision: 1, start: `${day}T00:00:00Z` } })
    const answer = await refused(() => put(submission(kind, [...flat(value, 95), bad], { revision: 2 })))
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ field: 'values[95]' }] } })
    expect((await fsp.client.ask(operations.readSubmittedSchedule, { params })).body.values).toEqual(flat(value))
  })

  test.each([
    ['2026-03-29', 'PT30M', 46],
    ['2026-03-29', 'PT15M', 92],
    ['2026-03-28', 'PT30M', 48],
    ['2026-03-28', 'PT15M', 96],
    ['2026-10-25', 'PT30M', 50],
    ['2026-10-25', 'PT15M', 100],
  ] as const)(
    'FB02 FM01 on %s a schedule of %s has %i periods, and no other number',
    async (of, resolution, length) => {
      expect(periodCount(LocalDate.parse(of), resolution)).toBe(length)
      const { fuId } = await registerUnit(fsp.client, `FU ${of} ${resolution}`, mpan)
      const put = (n: number) =>
        fsp.client.ask(operations.submitSchedule, {
          params: { fuId, day: of, kind: 'baseline' },
          body: submission('baseline', flat(1, n), { resolution }, of),
        })
      expect(await refused(() => put(length - 2 < 46 ? length + 2 : length - 2))).toMatchObject({
        status: 422,
        body: { errors: [{ field: 'values' }] },
      })
      expect((await put(length)).status).toBe(200)
    },
  )

  test('FM12 a gap is not a zero: null is refused where it stands', async () => {
    const { fuId } = await registerUnit(fsp.client, 'Gappy FU', mpan)
    const given = submission('baseline', flat(1_000).with(3, null as never))
    const answer = await refused(() =>
      fsp.client.ask(operations.submitSchedule, { params: { fuId, day, kind: 'baseline' }, body: given }),
    )
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ field: 'values[3]' }] } })
  })

  test('FM03 a start that is not local midnight is refused', async () => {
    const { fuId } = await registerUnit(fsp.client, 'Shifted FU', mpan)
    const given = submission('baseline', flat(1_000), { start: `${day}T00:15:00Z` })
    const answer = await refused(() =>
      fsp.client.ask(operations.submitSchedule, { params: { fuId, day, kind: 'baseline' }, body: given }),
    )
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ field: 'start' }] } })
  })

  test('versions are kept; duplicate, older and reused revisions leave the accepted one untouched', async () => {
    const { fuId } = await registerUnit(fsp.client, 'Versioned FU', mpan)
    const params = { fuId, day, kind: 'deviation' }
    const put = (value: number, revision: number) =>
      fsp.client.ask(operations.submitSchedule, { params, body: submission('deviation', flat(value), { revision }) })
    const read = (query = {}) => fsp.client.ask(operations.readSubmittedSchedule, { params, query })
    expect((await put(10_000, 2)).status).toBe(200)
    expect((await refused(() => put(10_000, 2))).status).toBe(200)
    expect(await refused(() => put(9_000, 2))).toMatchObject({ status: 409 })
    expect(await refused(() => put(9_000, 1))).toMatchObject({ status: 409 })
    expect((await put(20_000, 3)).status).toBe(200)
    expect((await read()).body).toMatchObject({ revision: 3, values: flat(20_000) })
    expect((await read({ revision: 2 })).body.values).toEqual(flat(10_000))
    expect((await read({ revision: 1 })).status).toBe(404)
  })

  test('FB07 FM40 another FSP’s FU is not there, to write or to read', async () => {
    const { fuId } = await registerUnit(fsp.client, 'Own FU', mpan)
    const params = { fuId, day, kind: 'baseline' }
    const put = (client: Client, value: number) =>
      client.ask(operations.submitSchedule, { params, body: submission('baseline', flat(value)) })
    await put(fsp.client, 1_000)
    expect((await refused(() => put(other.client, 1))).status).toBe(404)
    expect((await other.client.ask(operations.readSubmittedSchedule, { params })).status).toBe(404)
    expect((await other.client.ask(operations.listSubmittedSchedules, { query: { day } })).body.items).toEqual([])
    expect(
      (await other.client.ask(operations.downloadSchedules, { query: { day } })).body.trim().split('\n'),
    ).toHaveLength(1)
  })

  test('FB02 a flexibility engineer submits at the portal in the FSP’s stead, by name', async () => {
    const { fuId } = await registerUnit(fsp.client, 'Portal FU', mpan)
    const { body } = await engineer.ask(operations.submitSchedule, {
      params: { fuId, day, kind: 'baseline' },
      body: submission('baseline', flat(1_000)),
    })
    expect(body.submittedBy).toBe('erin')
  })
})

describe('by CSV', () => {
  const heading = 'fu_id,kind,trading_day,resolution,revision,period_start,value'
  const lines = (fuId: string, of: string, revision = 1, value = '500') =>
    Array.from({ length: periodCount(LocalDate.parse(of), 'PT30M') }, (_, i) => {
      const at = dayStart(LocalDate.parse(of)).plusSeconds(i * 1_800)
      return `${fuId},baseline,${of},PT30M,${revision},${at},${value}`
    })
  const upload = (client: Client, text: string) =>
    client.ask(operations.uploadSchedules, { text }, { 'content-type': 'text/csv' })

  test('FB02 a file of two days is taken whole, comes back as it was, and is unchanged the second time', async () => {
    const { fuId } = await registerUnit(fsp.client, 'CSV FU', mpan)
    const file = [heading, ...lines(fuId, '2026-03-29'), ...lines(fuId, '2026-04-01').toReversed()].join('\r\n')
    expect((await upload(fsp.client, file)).body).toEqual({ accepted: 2, unchanged: 0 })
    expect((await upload(fsp.client, `\uFEFF${file.replaceAll(',', ';')}`)).body).toEqual({ accepted: 0, unchanged: 2 })
    const back = await fsp.client.ask(operations.downloadSchedules, { query: { day: '2026-04-01' } })
    expect(back.headers.get('content-type')).toContain('text/csv')
    expect(back.body.trim().split('\r\n')).toEqual([heading, ...lines(fuId, '2026-04-01')])
  })

  test('FM29 one wrong row among many: nothing is taken, and each is named by its line', async () => {
    const { fuId } = await registerUnit(fsp.client, 'Faulty CSV FU', mpan)
    const good = lines(fuId, '2026-04-02')
    const rows = good
      .with(4, (good[4] ?? '').replace(',500', ',lots'))
      .with(9, good[8] ?? '')
      .concat(lines(randomUUID(), '2026-04-02'))
    const answer = await refused(() => upload(fsp.client, [heading, ...rows].join('\n')))
    expect(answer.status).toBe(422)
    expect((answer.body as { errors: { field: string }[] }).errors.map((e) => e.field)).toEqual([
      'line 11, period_start',
    ])
    const values = good.with(4, (good[4] ?? '').replace(',500', ',lots')).with(7, (good[7] ?? '').replace(',500', ','))
    const named = await refused(() => upload(fsp.client, [heading, ...values].join('\n')))
    expect((named.body as { errors: { field: string }[] }).errors.map((e) => e.field)).toEqual([
      'line 6, value',
      'line 9, value',
    ])
    const foreign = await refused(() => upload(fsp.client, [heading, ...lines(randomUUID(), '2026-04-02')].join('\n')))
    expect(foreign.body).toMatchObject({ errors: [{ field: 'line 2, fu_id' }] })
  })

  test('a file without a heading that is needed is refused at once', async () => {
    const answer = await refused(() => upload(fsp.client, 'fu_id,kind\n1,2'))
    expect(answer.body).toMatchObject({ errors: [{ field: expect.stringContaining('period_start') }] })
  })
})

test('after the gate a schedule is refused with the gate’s time, by API and by CSV', async () => {
  const { fuId } = await registerUnit(fsp.client, 'Late FU', mpan)
  await clock.advanceTo(Instant.parse('2026-01-15T18:00:00Z'))
  const late = await refused(() =>
    fsp.client.ask(operations.submitSchedule, {
      params: { fuId, day, kind: 'baseline' },
      body: submission('baseline', flat(1_000)),
    }),
  )
  expect(late).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining('closed at 18:00 GMT on 15 Jan 2026') },
  })
  const deviation = { params: { fuId, day, kind: 'deviation' }, body: submission('deviation', flat(1_000)) }
  expect((await fsp.client.ask(operations.submitSchedule, deviation)).status).toBe(200)
})
