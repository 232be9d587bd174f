import { readFile } from 'node:fs/promises'
import { Instant } from '@js-joda/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import type { NetworkImport } from '../../../schemas/grid/network.ts'
import { operations } from '../../../schemas/operations.ts'
import { saveNode } from '../../../server/grid/index.ts'
import { readSchedules } from '../../../server/market/submissions/csv.ts'
import { readingsFromCsv } from '../../../server/settlement/metering/uploads/csv.ts'
import { Intake } from '../../../server/settlement/metering/uploads/intake.ts'
import type { Client } from '../../support/client.ts'
import { createTestDatabase } from '../../support/database.ts'
import { startTestServer } from '../../support/server.ts'

/** Files as people have sent them, and siblings of the same kind; each with its right answer. */
type Bytes = Uint8Array<ArrayBuffer>
const file = async (name: string): Promise<Bytes> =>
  new Uint8Array(await readFile(new URL(`files/csv-${name}.csv`, import.meta.url)))

let planner: Client

beforeAll(async () => {
  const { db, url } = await createTestDatabase('server')
  const common = { licenceArea: 'LPN', ratingSummerKva: null, easting: null, northing: null } as const
  await saveNode(db, {
    nodeId: 'lpn-hurst',
    name: 'Hurst',
    kind: 'gsp',
    parentId: null,
    ratingWinterKva: 720_000,
    ...common,
  })
  await saveNode(db, {
    nodeId: 'lpn-almeida-pri',
    name: 'Almeida',
    kind: 'primary',
    parentId: 'lpn-hurst',
    ratingWinterKva: 60_000,
    ...common,
  })
  await saveNode(db, {
    nodeId: 'lpn-street',
    name: 'Street',
    kind: 'secondary',
    parentId: 'lpn-almeida-pri',
    ratingWinterKva: 800,
    ...common,
  })
  const server = await startTestServer(url, new SimulatedClock(Instant.parse('2026-01-15T12:00:00Z')))
  planner = await server.person('priya', 'planner')
})

const importFile = (content: Bytes | string, query: Record<string, string> = {}) =>
  planner.ask(operations.importNetwork, { query, text: content })
const history = (content: Bytes | string, query: Record<string, string> = {}) =>
  planner.ask(operations.uploadLoadHistory, { query: { stamp: 'period-start', ...query }, text: content })
const node = async (search: string) => (await planner.ask(operations.listNodes, { query: { search } })).body.items[0]
const fieldsOf = (answer: { body: { errors: { field: string }[] } }) => answer.body.errors.map(({ field }) => field)

async function readAll<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

describe('networks', () => {
  test('csv-network-heading-twice: a column twice is a flaw of line 1', async () => {
    const refused = await importFile(await file('network-heading-twice'))
    expect(refused.status).toBe(422)
    expect(refused.body.errors).toMatchObject([{ field: 'line 1, ratingWinterKva' }])
  })

  test('csv-network-minus-point: a longitude that nobody reads, written -.643937, is no reason to refuse', async () => {
    expect(await importFile(await file('network-minus-point'))).toMatchObject({ status: 200, body: { created: 1 } })
  })

  test('csv-network-rows-of-separators: they are passed over', async () => {
    expect(await importFile(await file('network-rows-of-separators'))).toMatchObject({ status: 200, body: { rows: 1 } })
  })

  test('csv-network-windows-1252: a letter that does not decode is named, and not stored as something else', async () => {
    const refused = await importFile(await file('network-windows-1252'))
    expect(refused.body.errors).toMatchObject([{ field: 'line 2, name', message: expect.stringContaining('UTF-8') }])
  })

  test('csv-ukpn-decimal-comma: 12,5 is neither 12.5 nor 12 and 5', async () => {
    const refused = await importFile(await file('ukpn-decimal-comma'))
    expect(refused.status).toBe(422)
    expect(fieldsOf(refused)).toContain('line 2, transratingwinter')
  })

  test('csv-ukpn-technical-names: a list with the technical names of its columns is known', async () => {
    const taken = await importFile(await file('ukpn-technical-names'))
    expect(taken).toMatchObject({ status: 200, body: { layout: 'ukpn-sites', created: 1 } })
    // 24 + 24 MVA, 18 + 18 MVA, and 18 left without one; the demands are 14.5 and 11.2 MVA.
    expect(await node('FIELD-12')).toMatchObject({
      ratingWinterKva: 48_000,
      ratingSummerKva: 36_000,
      firmCapacityKva: 18_000,
      maxDemandWinterKva: 14_500,
      maxDemandSummerKva: 11_200,
    })
  })

  test('csv-reimport-1 to 3: the next edition of a list keeps what it does not state, and its dry run names what changes', async () => {
    await importFile(await file('reimport-1-list'))
    expect(await node('FIELD-1')).toMatchObject({ ratingWinterKva: 90_000, firmCapacityKva: 30_000, parentId: null })
    await importFile(await file('reimport-2-parents'))
    // Its own layout, without a column for the firm capacity.
    expect(await node('FIELD-1')).toMatchObject({ firmCapacityKva: 30_000, parentId: 'lpn-hurst' })
    const next = await file('reimport-3-next-edition')
    const dry: { body: NetworkImport } = await importFile(next, { dryRun: 'true' })
    expect(dry.body).toMatchObject({ state: 'checked', created: 0, changed: 1 })
    expect(dry.body.changes).toEqual([
      { line: 2, subject: 'FIELD-1', field: 'firmCapacityKva', now: '30000', given: '32000' },
      { line: 2, subject: 'FIELD-1', field: 'ratingSummerKva', now: '60000', given: '64000' },
    ])
    await importFile(next)
    expect(await node('FIELD-1')).toMatchObject({
      parentId: 'lpn-hurst',
      ratingWinterKva: 90_000,
      ratingSummerKva: 64_000,
      firmCapacityKva: 32_000,
    })
    expect(await node('FIELD-2')).toMatchObject({ parentId: 'FIELD-1', firmCapacityKva: 12_000 })
  })

  test('a list whose cell is a dash keeps what is stored; an empty cell of the own layout clears it', async () => {
    const list = (summer: string) =>
      `SiteFunctionalLocation;SiteName;SiteType;LicenceArea;transratingwinter;transratingsummer\nFIELD-2;Example Road;Primary Substation;London Power Networks (LPN);15, 15;${summer}\n`
    expect((await importFile(list('-'))).body).toMatchObject({ state: 'imported', changed: 1 })
    // Without summer ratings the firm capacity comes from the winter's: 15 MVA.
    expect(await node('FIELD-2')).toMatchObject({ ratingSummerKva: 24_000, firmCapacityKva: 15_000 })
    const own = 'nodeId,name,kind,parentId,licenceArea,firmCapacityKva\nFIELD-2,Example Road,primary,FIELD-1,LPN,\n'
    const { body } = await importFile(own)
    expect(body.changes).toEqual([{ line: 2, subject: 'FIELD-2', field: 'firmCapacityKva', now: '15000', given: '' }])
    expect(await node('FIELD-2')).toMatchObject({ ratingSummerKva: 24_000, firmCapacityKva: null })
  })

  test('a secondary with a demand of 2.5 GW is held for a person, who may take it', async () => {
    const heading = 'nodeId,name,kind,parentId,licenceArea,maxDemandWinterKva\n'
    const text = `${heading}field-20,A Street,secondary,lpn-almeida-pri,LPN,2500000\n`
    const held = await importFile(text)
    expect(held.body.errors).toMatchObject([
      { field: 'line 2, maxDemandWinterKva', message: expect.stringContaining('implausible=accept') },
    ])
    expect(await node('field-20')).toBeUndefined()
    expect(await importFile(text, { implausible: 'accept' })).toMatchObject({ status: 200, body: { created: 1 } })
  })

  test('a feeder list names its substations in every row; they are one node each', async () => {
    const heading =
      'dataset_id,postcode,primary_substation_id,primary_substation_name,hv_feeder_id,secondary_substation_id,secondary_substation_name,lv_feeder_id,lv_feeder_name,total_mpan_count\n'
    const row = (feeder: string, postcode: string) =>
      `7001${feeder},${postcode},700,North Road,01,7001,Mill Lane,${feeder},,12\n`
    const text = heading + row('01', 'AB1 2CD') + row('01', 'AB1 2CE') + row('02', 'AB1 2CD')
    const refused = await importFile(text)
    expect(refused.body.errors[0].message).toContain('state it with the upload')
    const taken = await importFile(text, { licenceArea: 'SPN' })
    expect(taken).toMatchObject({ status: 200, body: { layout: 'ssen-lv-feeders', rows: 3, created: 4 } })
    expect(await node('ssen-700101')).toMatchObject({
      kind: 'feeder',
      parentId: 'ssen-7001',
      licenceArea: 'SPN',
      name: '01',
    })
    expect((await importFile(text, { licenceArea: 'SPN' })).body).toMatchObject({ created: 0, changed: 0 })
  })

  test('a planner adds the layout of another list, and files are read in it; those of the program stay', async () => {
    const body = {
      title: 'Another company',
      source: 'Its portal',
      recognisedBy: ['Sub No', 'Sub Name', 'Size MVA'],
      emptyCells: 'keep' as const,
      nodes: [
        {
          nodeId: { columns: ['Sub No'], prefix: 'x-' },
          name: { columns: ['Sub Name'] },
          kind: { fixed: 'secondary' as const },
          licenceArea: { fixed: 'EPN' },
          ratingWinterKva: { columns: ['Size MVA'], unit: 'MVA' as const },
        },
      ],
    }
    const text = 'SUB_NO;sub_name;Size (MVA)\n17;Church Street;0,8\n'
    expect((await importFile(text)).body.errors[0].message).toContain('fit no known layout')
    const saved = await planner.ask(operations.saveLayout, { params: { name: 'another' }, body, version: null })
    expect(saved.status).toBe(200)
    // FM15: whoever began from an older version is told who was faster.
    const renamed = { params: { name: 'another' }, body: { ...body, title: 'Renamed' }, version: saved.body.etag }
    expect(await planner.ask(operations.saveLayout, renamed)).toMatchObject({ status: 200, body: { title: 'Renamed' } })
    expect(await planner.ask(operations.saveLayout, renamed)).toMatchObject({
      status: 412,
      body: { detail: expect.stringContaining('The layout another was changed by') },
    })
    expect(await importFile(text)).toMatchObject({ status: 200, body: { layout: 'another', created: 1 } })
    expect(await node('x-17')).toMatchObject({ ratingWinterKva: 800, licenceArea: 'EPN' })
    expect(
      await planner.ask(operations.saveLayout, { params: { name: 'ringmain' }, body, version: null }),
    ).toMatchObject({
      status: 409,
    })
    expect(await planner.ask(operations.removeLayout, { params: { name: 'another' } })).toMatchObject({ status: 204 })
    expect((await importFile(text)).status).toBe(422)
  })
})

describe('load histories', () => {
  test('csv-load-history-30-february: dates that do not exist are named, not moved', async () => {
    const refused = await history(await file('load-history-30-february'))
    expect(fieldsOf(refused)).toEqual(['line 2, at', 'line 3, at', 'line 4, at'])
    expect(refused.body.errors[0].message).toContain('does not exist')
  })

  test('csv-load-history-heading-twice: nobody can know which column counts', async () => {
    expect(fieldsOf(await history(await file('load-history-heading-twice')))).toEqual(['line 1, meanW'])
  })

  test('csv-load-history-minus-point: -.5 W is a number', async () => {
    expect(await history(await file('load-history-minus-point'))).toMatchObject({ status: 200, body: { rows: 1 } })
  })

  test('times without offset are refused unless the upload states their zone', async () => {
    const text = 'nodeId,at,meanW\nlpn-almeida-pri,2025-07-15 17:00,1000\n'
    expect(fieldsOf(await history(text))).toEqual(['line 2, at'])
    expect(await history(text, { zone: 'Europe/London' })).toMatchObject({ status: 200 })
    const query = { from: '2025-07-15T15:00:00Z', to: '2025-07-15T18:00:00Z' }
    const { body } = await planner.ask(operations.readNodeHalfHours, { params: { id: 'lpn-almeida-pri' }, query })
    expect(body).toMatchObject([{ at: '2025-07-15T16:00:00Z', meanW: 1_000 }])
  })

  test('2.5 GW at a secondary is held for a person; so is such a forecast', async () => {
    const text = 'nodeId,at,meanW\nlpn-street,2026-01-10T00:00:00Z,2500000000\n'
    const held = await history(text)
    expect(held.body.errors).toMatchObject([
      { field: 'line 2, meanW', message: expect.stringContaining('more than a secondary carries') },
    ])
    expect(await history(text, { implausible: 'accept' })).toMatchObject({ status: 200 })
    const forecast = 'node_id,period_start,load_w\nlpn-street,2026-01-20T00:00:00Z,2500000000\n'
    const refused = await planner.ask(operations.uploadLoads, { text: forecast })
    expect(fieldsOf(refused)).toEqual(['line 2, load_w'])
  })
})

describe('schedules and meter data', () => {
  const faultsOf = async (name: string, zone?: 'UTC' | 'Europe/London') => {
    const content = await file(name)
    const body = new Blob([content]).stream()
    try {
      return { schedules: await readSchedules(body, zone), errors: [] }
    } catch (error) {
      return { schedules: [], errors: (error as { errors: { field: string; message: string }[] }).errors }
    }
  }

  test('csv-schedule-no-offset-summer: stamps without offset are refused, and taken in the zone that the upload states', async () => {
    const { errors } = await faultsOf('schedule-no-offset-summer')
    expect(errors[0]).toMatchObject({
      field: 'line 2, period_start',
      message: expect.stringContaining('has no offset'),
    })
    expect((await faultsOf('schedule-no-offset-summer', 'UTC')).schedules).toMatchObject([
      { submission: { start: '2026-07-15T23:00:00Z' } },
    ])
    // 23:00 on the wall clock of the 15th is not a period of the 16th.
    const { errors: misplaced } = await faultsOf('schedule-no-offset-summer', 'Europe/London')
    expect(misplaced[0]?.message).toContain('is not the start of a PT30M period of 2026-07-16')
  })

  test('csv-schedule-no-offset-month-first: a date with its month first is no instant, in whatever zone', async () => {
    for (const zone of [undefined, 'UTC', 'Europe/London'] as const)
      expect((await faultsOf('schedule-no-offset-month-first', zone)).errors[0]?.message).toContain('is not an instant')
  })

  test('csv-meter-rows-of-separators: they are passed over', async () => {
    const intake = new Intake()
    const readings = await readAll(
      readingsFromCsv(new TextDecoder().decode(await file('meter-rows-of-separators')), intake),
    )
    expect(intake.faults).toEqual([])
    expect(readings).toEqual([{ place: 2, at: '2026-01-09T00:00:00.000Z', energyWh: 5, quality: 'measured' }])
  })

  test('a meter file with a column twice, and one with a stamp without offset, are refused by line', async () => {
    const faults = async (text: string, zone?: 'UTC') => {
      const intake = new Intake()
      await readAll(readingsFromCsv(text, intake, zone))
      return intake.faults.map(({ field }) => field)
    }
    expect(await faults('at,energy_wh,Energy Wh\n2026-01-09T00:00:00Z,5,9\n')).toEqual(['line 1, energy_wh'])
    expect(await faults('at,energy_wh\n2026-01-09T00:00:00,5\n')).toEqual(['line 2, at'])
    expect(await faults('at,energy_wh\n2026-01-09T00:00:00,5\n', 'UTC')).toEqual([])
  })
})
