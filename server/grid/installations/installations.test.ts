import { createHash } from 'node:crypto'
import { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { beforeEach, expect, test } from 'vitest'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import type { InstallationForm } from '../../../schemas/grid/installations.ts'
import { operations } from '../../../schemas/operations.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { startTestServer } from '../../../test/support/server.ts'
import { saveTestNetwork, saveTestSite } from '../test/support/site.ts'

const { db, url } = await createTestDatabase('server')
const start = Instant.parse('2026-01-15T12:00:00Z')
const clock = new SimulatedClock(start)
const server = await startTestServer(url, clock)
await saveTestNetwork(db)
const planner = await server.person('priya', 'planner')
const operator = await server.person('omar', 'operator')
const settler = await server.person('sam', 'settlement')

const rogowski = { kind: 'rogowski', primaryA: 1_000, secondary: 100, serialNumber: 'R' } as const
const record: InstallationForm = {
  place: 'LV room',
  at: 'customer',
  battery: '24-v',
  batteryInstalledOn: '2021-03-02',
  batteryReplacedOn: null,
  sensors: (['L1', 'L2', 'L3'] as const).map((phase) => ({ ...rogowski, feeder: 1, phase })),
  installer: 'LV monitoring team',
  outageOn: '2021-03-02',
  installedOn: '2021-03-02',
  commissionedOn: null,
  removedOn: null,
  notes: 'Asbestos in the ceiling.',
}
const pdf = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(100, 1)])
const fileOf = (content: Uint8Array, type = 'application/pdf', name = 'ms.pdf') => ({
  kind: 'method-statement',
  title: 'Method statement',
  link: null,
  file: { name, type, contentBase64: Buffer.from(content).toString('base64') },
})

let params: { id: string }
beforeEach(async () => {
  params = { id: (await saveTestSite(db, start)).hubId }
})
const read = async () => (await settler.ask(operations.readInstallation, { params })).body
const save = (body: object, version: number, by = planner) =>
  by.ask(operations.saveInstallation, { params, body }, { 'if-match': `"${version}"` })
const add = (body: object, by = planner) =>
  by.ask(operations.addDocument, { params, body }, { 'idempotency-key': crypto.randomUUID() })

test('A19 a hub has no record until somebody writes one, and every version stays with its author', async () => {
  expect(await read()).toMatchObject({ record: null, savedBy: null, documents: [], etag: '0' })
  expect(await save(record, 0)).toMatchObject({ status: 200, body: { record, savedBy: 'priya', etag: '1' } })
  const replaced = { ...record, batteryReplacedOn: '2025-06-01' }
  await clock.advanceTo(clock.now().plusSeconds(3_600))
  expect(await save(replaced, 1, operator)).toMatchObject({ status: 200, body: { savedBy: 'omar', etag: '2' } })
  const { body: versions } = await settler.ask(operations.listInstallations, { params, query: { limit: 1 } })
  expect(versions.items).toMatchObject([{ version: 2, savedBy: 'omar', record: replaced }])
  const cursor = versions.nextCursor
  const { body: rest } = await settler.ask(operations.listInstallations, { params, query: { limit: 1, cursor } })
  expect(rest).toMatchObject({ items: [{ version: 1, savedBy: 'priya', record }], nextCursor: null })
  const [entry] = await db.execute(sql`
    select detail from audit_entry where action = 'hub.installation-recorded' and subject_id = ${params.id} order by entry_id desc`)
  expect(entry?.['detail']).toMatchObject({ version: 2, before: record, now: replaced })
})

test('of two who change it at once the second is told, and nothing of the first is lost', async () => {
  await save(record, 0)
  const [one, two] = await Promise.all([
    save({ ...record, notes: 'one' }, 1),
    save({ ...record, notes: 'two' }, 1, operator),
  ])
  expect([one.status, two.status].toSorted()).toEqual([200, 412])
  expect((await read()).etag).toBe('2')
})

test('planners and operators record and add; others of the DNO read; nobody records a hub that is not there', async () => {
  expect((await save(record, 0, settler)).status).toBe(403)
  expect((await add(fileOf(pdf), settler)).status).toBe(403)
  const nobody = { id: crypto.randomUUID() }
  expect((await planner.ask(operations.readInstallation, { params: nobody })).status).toBe(404)
  const absent = await planner.ask(operations.saveInstallation, { params: nobody, body: record }, { 'if-match': '"0"' })
  expect(absent.status).toBe(404)
})

test.each([
  ['two sensors of one phase', { sensors: [record.sensors[0], record.sensors[0]] }, 'sensors'],
  ['a ratio of a voltage lead', { sensors: [{ ...record.sensors[0], kind: 'voltage-lead' }] }, 'sensors'],
  ['a day of a battery that is not there', { battery: 'none' }, 'batteryInstalledOn'],
  ['a battery replaced before it was there', { batteryReplacedOn: '2020-01-01' }, 'batteryReplacedOn'],
  ['a hub removed before it was installed', { removedOn: '2020-01-01' }, 'removedOn'],
  ['a date that does not exist', { installedOn: '2021-02-30' }, 'installedOn'],
])('%s is refused by name', async (_, change, field) => {
  expect(await save({ ...record, ...change }, 0)).toMatchObject({ status: 422, body: { errors: [{ field }] } })
})

test('a document is kept with its digest, and what was removed stays on record without its content', async () => {
  const { body: made } = await add(fileOf(pdf))
  const sha256 = createHash('sha256').update(pdf).digest('hex')
  expect(made).toMatchObject({ file: { name: 'ms.pdf', bytes: 109, sha256 }, addedBy: 'priya', removedAt: null })
  const one = { ...params, documentId: made.documentId }
  const { body: held } = await settler.ask(operations.readDocument, { params: one })
  expect(Buffer.from(held.contentBase64, 'base64').equals(pdf)).toBe(true)
  expect((await operator.ask(operations.removeDocument, { params: one })).status).toBe(204)
  expect((await settler.ask(operations.readDocument, { params: one })).body).toMatchObject({
    contentBase64: null,
    removedBy: 'omar',
    file: { sha256 },
  })
  expect((await operator.ask(operations.removeDocument, { params: one })).status).toBe(404)
  const other = { id: (await saveTestSite(db, start)).hubId, documentId: made.documentId }
  expect((await settler.ask(operations.readDocument, { params: other })).status).toBe(404)
})

test.each([
  ['a page that calls itself a PDF', fileOf(Buffer.from('<html><script>'))],
  ['a PDF that calls itself a text', fileOf(Buffer.concat([pdf, Buffer.from([0xff, 0])]), 'text/plain')],
  ['a type that is not taken', fileOf(Buffer.from('<svg/>'), 'image/svg+xml')],
  ['a link without TLS', { ...fileOf(pdf), file: null, link: 'http://documents.example/1' }],
  ['a link that is a script', { ...fileOf(pdf), file: null, link: 'javascript:alert(1)' }],
  ['a link and a file', { ...fileOf(pdf), link: 'https://documents.example/1' }],
  ['neither', { ...fileOf(pdf), file: null }],
  ['no base64', { ...fileOf(pdf), file: { name: 'a', type: 'application/pdf', contentBase64: '%%%' } }],
])('%s is refused', async (_, body) => {
  expect((await add(body)).status).toBe(422)
  expect((await read()).documents).toEqual([])
})

test('a file of 2 MB is taken and a larger one is refused; a hub has at most 40 documents', async () => {
  const most = Buffer.concat([pdf, Buffer.alloc(2 * 1024 * 1024 - pdf.length)])
  expect((await add(fileOf(most))).body.file.bytes).toBe(2 * 1024 * 1024)
  expect((await add(fileOf(Buffer.concat([most, Buffer.from('1')])))).status).toBe(422)
  const link = { kind: 'photo', title: 'Photo', link: 'https://documents.example/1', file: null }
  for (let n = 1; n < 40; n++) expect((await add(link)).status).toBe(200)
  expect((await add(link)).status).toBe(409)
})
