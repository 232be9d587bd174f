import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { depotAccessOperations } from '../../schemas/fsp/depot-access.ts'
import { feederOperations } from '../../schemas/fsp/feeders.ts'
import { fspFeedOperations } from '../../schemas/fsp/feeds/feeds.ts'
import { processOperations } from '../../schemas/fsp/processes.ts'
import { createClient } from '../../test/support/client.ts'
import { siteLoad } from '../depots/tables.ts'
import { forgetContent } from '../feeds/store.ts'
import { startSftpSupplier } from '../simulator/suppliers/sftp-server.ts'
import { channels, clampFile, feedOf, mixedDepot, saveFeed, siteLoadFeed, startHttp } from './support/feeds.ts'
import { models, type Rig, startRig } from './support/rig.ts'

const { listFeedFaults, listFeedFiles, pushFeedRecords, readFeedFile, replayFeedFile, runFeed, uploadFeedFile } =
  fspFeedOperations

let rig: Rig
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ringmain-feeds-'))
  rig = await startRig(
    '2026-01-15T12:00:00Z',
    { first: { depots: [mixedDepot], models }, feedFolder: folder },
    (close) =>
      afterAll(async () => {
        await close()
        await rm(folder, { recursive: true })
      }),
  )
}, 240_000)

const minute = (offset: number) =>
  rig.clock
    .now()
    .plusSeconds(offset * 60)
    .toString()
const run = (feedId: string) => rig.depotApi(runFeed, { params: { feedId } })
const upload = (feedId: string, name: string, body: string) =>
  rig.depotApi(uploadFeedFile, { params: { feedId }, query: { name }, body })
const files = async (feedId: string) => (await rig.depotApi(listFeedFiles, { params: { feedId } })).body
const faults = async (feedId: string) => (await rig.depotApi(listFeedFaults, { params: { feedId } })).body
const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('hex')
const storedW = async (at: string) => {
  const rows = await rig.db.select().from(siteLoad).where(eq(siteLoad.depotId, 'yard'))
  return rows.find((row) => row.at.toString() === at)?.siteLoadW
}

test('J1 J3 J4 a dropped file of currents becomes the site load by signs, and the load of each feeder and supply', async () => {
  await mkdir(join(folder, 'clamps'), { recursive: true })
  const transport = { type: 'folder', path: 'clamps', pattern: '*.csv' }
  expect(await saveFeed(rig, 'clamps', siteLoadFeed({ transport }))).toMatchObject({
    status: 200,
    body: { version: 1 },
  })
  const at = minute(-1)
  // 100 A · 655.5 + 40 A · 218.5 + 2 A · 17,147.7 − 20 A · 690
  const wantedW = 65_550 + 8_740 + 34_295.4 - 13_800
  const content = clampFile([at, 100, 40, 2, 20])
  await writeFile(join(folder, 'clamps', 'day-1.csv'), content)
  await writeFile(join(folder, 'clamps', 'notes.txt'), 'no feed of ours')
  expect((await run('clamps')).body).toMatchObject({
    taken: 4,
    kept: 0,
    files: [{ name: 'day-1.csv', sha256: sha256(content) }],
  })
  expect(await storedW(at)).toBeCloseTo(wantedW, 6)
  await rig.pass(1)
  expect((await rig.depotState()).decision).toMatchObject({
    staleSiteLoad: false,
    buildingW: expect.closeTo(wantedW, 3),
  })
  const { body } = await rig.depotApi(feederOperations.readFeederLoads, {})
  expect(body.feeders).toMatchObject([
    { feeder: 1, loadW: expect.closeTo(8_740, 6), uses: ['ev'], isDerived: true, at, isStale: false },
    { feeder: 2, loadW: 65_550, uses: ['building'] },
    { feeder: 3, loadW: expect.closeTo(34_295.4, 6), uses: ['tenant'] },
    { feeder: 4, loadW: -13_800, uses: ['solar'] },
  ])
  expect(body.mpans).toMatchObject([{ mpan: '1200000112345', loadW: expect.closeTo(wantedW, 3), isStale: false }])
  // The same file is not read again.
  expect((await run('clamps')).body).toMatchObject({ taken: 0, files: [] })
})

test('J2 a minute with a clamp that did not answer is no site load until it is filled in, and does not displace a newer one', async () => {
  await rig.pass(5)
  const [early, late] = [minute(-3), minute(-2)]
  await saveFeed(rig, 'gaps', siteLoadFeed())
  await saveFeed(rig, 'clamps', siteLoadFeed({ isActive: false }), 1)
  expect((await upload('gaps', 'a.csv', clampFile([early, 100, 0, '', 0], [late, 200, 0, 0, 0]))).body).toMatchObject({
    taken: 7,
    kept: 0,
  })
  expect([await storedW(early), await storedW(late)]).toEqual([undefined, 131_100])
  await upload('gaps', 'a-filled.csv', clampFile([early, 100, 0, 1, 0]))
  expect(await storedW(early)).toBeCloseTo(65_550 + 17_147.7, 6)
  await rig.pass(1)
  expect((await rig.depotState()).decision?.buildingW).toBeCloseTo(131_100, 3)
})

test('P2 P4 files of an SFTP server are fetched by cadence with the agreed host key, and kept with their digests', async () => {
  const account = { username: 'ringmain', password: 'a password of the test' }
  const supplier = await startSftpSupplier(account, { host: '127.0.0.1', port: 0 })
  try {
    const content = clampFile([minute(-1), 10, 0, 0, 0])
    supplier.files.set('one.csv', { content: Buffer.from(content), modifiedS: 1_768_000_000 })
    const sftp = { type: 'sftp', host: '127.0.0.1', port: supplier.port, username: 'ringmain', folder: '/out' }
    const other = `SHA256:${'A'.repeat(43)}`
    const form = (hostKeySha256: string) =>
      siteLoadFeed({ transport: { ...sftp, hostKeySha256 }, secret: account.password })
    await saveFeed(rig, 'sftp', form(other))
    const refused = await run('sftp')
    expect(refused).toMatchObject({ status: 503, body: { detail: expect.stringContaining(supplier.hostKeySha256) } })
    expect(supplier.logIns()).toBe(0)
    const saved = await saveFeed(rig, 'sftp', form(supplier.hostKeySha256), 1)
    expect(saved.body).toMatchObject({ hasSecret: true })
    expect(JSON.stringify(saved.body)).not.toContain(account.password)
    await rig.pass(1)
    expect(await files('sftp')).toMatchObject([
      { name: 'one.csv', state: 'taken', taken: 4, sha256: sha256(content), by: 'run' },
    ])
    const logIns = supplier.logIns()
    supplier.files.set('two.csv', {
      content: Buffer.from(clampFile([minute(3), 10, 0, 0, 0])),
      modifiedS: 1_768_000_001,
    })
    await rig.pass(4)
    expect(supplier.logIns()).toBe(logIns)
    await rig.pass(1)
    expect((await files('sftp')).map(({ name }: { name: string }) => name)).toEqual(['two.csv', 'one.csv'])
    const [, one] = await files('sftp')
    const kept = await rig.depotApi(readFeedFile, { params: { feedId: 'sftp', fileId: one.fileId } })
    expect(Buffer.from(kept.body.content, 'base64').toString()).toBe(content)
  } finally {
    await supplier.close()
  }
})

test('P2 an API is asked for its pages with a token; a failure is tried again after 1, 2 and 4 minutes', async () => {
  const asked: string[] = []
  let isDown = true
  const supplier = await startHttp((request, response) => {
    const url = new URL(request.url ?? '/', 'http://x')
    if (url.pathname === '/token') {
      response.setHeader('content-type', 'application/json')
      return response.end(JSON.stringify({ access_token: 'a-token', token_type: 'Bearer', expires_in: 600 }))
    }
    asked.push(`${rig.clock.now()} ${request.headers.authorization} ${url.searchParams.get('cursor')}`)
    if (isDown) return response.writeHead(503).end()
    const [next, ampere] = url.searchParams.has('cursor') ? [null, 2] : ['c2', 1]
    const at = url.searchParams.has('cursor') ? '2026-01-15T11:01:00Z' : '2026-01-15T11:00:00Z'
    const data = channels.map(({ channel }) => ({ timestamp: at, device: channel, current_a: ampere, firmware: 'x' }))
    return response.end(JSON.stringify({ data, next }))
  })
  try {
    const transport = {
      type: 'http',
      url: `${supplier.url}/readings`,
      authentication: { by: 'oauth', tokenEndpoint: `${supplier.url}/token`, clientId: 'us', scope: 'readings' },
      paging: { by: 'cursor', member: 'next', parameter: 'cursor' },
      recordsIn: 'data',
    }
    await saveFeed(rig, 'api', siteLoadFeed({ transport, secret: 'client secret' }))
    const start = rig.clock.now()
    const at = (minutes: number) => `${start.plusSeconds(minutes * 60)} Bearer a-token null`
    await rig.pass(6)
    // Fetched at the first minute; then 1 and 2 minutes later.
    expect(asked).toEqual([at(1), at(2), at(4)])
    expect(await feedOf(rig, 'api')).toMatchObject({ failuresInARow: 3, lastError: expect.stringContaining('503') })
    isDown = false
    await rig.pass(2)
    expect(asked.slice(3)).toEqual([at(8), at(8).replace('null', 'c2')])
    // 1 A and 2 A: 655.5 + 218.5 + 17,147.7 − 690 = 17,331.7 W per ampere of each.
    expect(await storedW('2026-01-15T11:00:00Z')).toBeCloseTo(17_331.7, 6)
    expect(await storedW('2026-01-15T11:01:00Z')).toBeCloseTo(34_663.4, 6)
    expect(await feedOf(rig, 'api')).toMatchObject({ failuresInARow: 0, lastError: null, passedOver: ['firmware'] })
  } finally {
    await supplier.close()
  }
})

test('P2 a page on another host is not asked for, so that our key goes to the agreed host only', async () => {
  let isTouched = false
  const other = await startHttp((_, response) => {
    isTouched = true
    response.end('[]')
  })
  const supplier = await startHttp((_, response) =>
    response.end(JSON.stringify({ items: [], next: `${other.url}/more` })),
  )
  try {
    const paging = { by: 'link', member: 'next' }
    const authentication = { by: 'api-key', header: 'x-api-key' }
    const transport = { type: 'http', url: supplier.url, paging, authentication, recordsIn: 'items' }
    await saveFeed(rig, 'elsewhere', siteLoadFeed({ transport, secret: 'a key' }))
    expect(await run('elsewhere')).toMatchObject({ status: 503, body: { detail: expect.stringContaining(other.url) } })
    expect(isTouched).toBe(false)
  } finally {
    await supplier.close()
    await other.close()
  }
})

test('P3 P4 a record of another form is kept whole next to what was taken, and a replay takes it as the feed is agreed then', async () => {
  await saveFeed(rig, 'drift', siteLoadFeed())
  const at = minute(-1)
  const odd = { timestamp: at, device: 'clamp-ev', amps: 40 }
  const good = { timestamp: at, device: 'clamp-building', current_a: 100 }
  const strange = { timestamp: at, device: 'clamp-9', current_a: 1 }
  const records = [good, odd, strange, { ...good, device: 'clamp-tenant', current_a: -3 }]
  const pushed = await rig.depotApi(pushFeedRecords, { params: { feedId: 'drift' }, body: { records } })
  expect(pushed.body).toMatchObject({ taken: 1, kept: 3, files: [{ state: 'partly' }] })
  expect(await faults('drift')).toMatchObject([
    { kind: 'refused', record: { current_a: -3 }, line: 4 },
    { kind: 'unknown', record: strange, reason: expect.stringContaining('clamp-9'), line: 3 },
    { kind: 'drift', record: odd, reason: 'current_a: missing instead of number', line: 2 },
  ])
  expect(await feedOf(rig, 'drift')).toMatchObject({ lastRecord: good, quarantinedRecords: 3, quarantinedFiles: 0 })
  const format = { kind: 'site-load', currentA: 'amps', channels }
  await saveFeed(rig, 'drift', siteLoadFeed({ format }), 1)
  const [file] = await files('drift')
  const replayed = await rig.depotApi(replayFeedFile, { params: { feedId: 'drift', fileId: file.fileId } })
  // Under the new form the odd record is the only good one.
  expect(replayed.body).toMatchObject({ taken: 1, kept: 3, replays: 1, sha256: file.sha256 })
  expect((await faults('drift')).map(({ line }: { line: number }) => line)).toEqual([4, 3, 1])
})

test('P3 an archive under another name, a file too long and a cell with a formula are kept and not read', async () => {
  await saveFeed(rig, 'guards', siteLoadFeed({ maxBytes: 2_000 }))
  const zip = 'PK\u0003\u0004 and so on'
  expect((await upload('guards', 'zip.csv', zip)).body).toMatchObject({
    files: [{ state: 'quarantined', reason: expect.stringContaining('ZIP') }],
  })
  const long = `timestamp,device,current_a\n${'x'.repeat(3_000)}`
  expect((await upload('guards', 'long.csv', long)).body.files).toMatchObject([{ state: 'quarantined' }])
  const formula = `${clampFile([minute(-1), 1, 1])}=cmd|'/c calc'!A1,clamp-ev,1\n`
  expect((await upload('guards', 'formula.csv', formula)).body).toMatchObject({ taken: 2, kept: 1 })
  expect((await faults('guards'))[0]).toMatchObject({ kind: 'refused', line: 4 })
  expect(await feedOf(rig, 'guards')).toMatchObject({ quarantinedFiles: 2 })
})

test('P3 a packed file is unpacked up to the limit and no further', async () => {
  await mkdir(join(folder, 'packed'), { recursive: true })
  await saveFeed(rig, 'packed', siteLoadFeed({ transport: { type: 'folder', path: 'packed' }, maxBytes: 4_000 }))
  await writeFile(join(folder, 'packed', 'a.csv.gz'), gzipSync(clampFile([minute(-1), 7, 7, 7, 7])))
  await writeFile(join(folder, 'packed', 'bomb.gz'), gzipSync(Buffer.alloc(2_000_000)))
  await symlink('/etc/hostname', join(folder, 'packed', 'link.csv'))
  const { files: found } = (await run('packed')).body
  const byName = new Map(found.map((file: { name: string }) => [file.name, file]))
  expect(byName.get('a.csv.gz')).toMatchObject({ state: 'taken', taken: 4 })
  expect(byName.get('bomb.gz')).toMatchObject({ state: 'quarantined', reason: expect.stringContaining('4000 bytes') })
  expect(byName.has('link.csv')).toBe(false)
})

test('P2 a supplier pushes with a key for deliveries, within its depots; a repeat of a file changes nothing', async () => {
  await saveFeed(rig, 'pushed', siteLoadFeed())
  const keyFor = async (depotIds: string[]) => {
    const body = { name: 'a supplier', feed: 'deliveries', depotIds, validDays: 1 }
    const { secret } = (await rig.depotApi(depotAccessOperations.createDepotKey, { body })).body
    return createClient(rig.fsp.url, { authorization: `Bearer ${secret}` })
  }
  const [own, elsewhere] = [await keyFor(['yard']), await keyFor(['elsewhere'])]
  const call = { params: { feedId: 'pushed' }, query: { name: 'p.csv' }, body: clampFile([minute(-1), 3, 3, 3, 3]) }
  expect((await own.ask(uploadFeedFile, call)).body).toMatchObject({ taken: 4, files: [{ by: 'push' }] })
  expect((await own.ask(uploadFeedFile, call)).body).toMatchObject({ taken: 0, files: [] })
  expect(await elsewhere.ask(uploadFeedFile, call)).toMatchObject({ status: 404 })
})

test('P1 a feed of unregistered depots or feeders, out of its folder, or without TLS is refused; so is an old version', async () => {
  const wrong = (change: object) => saveFeed(rig, 'wrong', siteLoadFeed(change))
  const channel = { ...channels[0], feeder: 9 }
  const refusals = [
    [{ depotId: 'nowhere' }, 'depotId'],
    [{ format: { kind: 'site-load', currentA: 'a', channels: [channel] } }, 'format.channels[0].feeder'],
    [{ transport: { type: 'folder', path: '../etc' } }, 'transport.path'],
    [{ transport: { type: 'http', url: 'http://supplier.example/x' } }, 'transport.url'],
    [{ transport: { type: 'amqp', host: 'supplier.example', isTls: false, address: 'q' } }, 'transport.isTls'],
    [{ amberS: 700 }, 'amberS'],
  ] as const
  for (const [change, field] of refusals)
    expect(await wrong(change)).toMatchObject({ status: 422, body: { errors: [{ field }] } })
  expect(await saveFeed(rig, 'pushed', siteLoadFeed(), 7)).toMatchObject({ status: 412 })
})

test('H24 the health of feeds is listed for their depot, with the last run, its records and its failures', async () => {
  await saveFeed(rig, 'health', siteLoadFeed())
  const { lastRunAt: at } = { lastRunAt: rig.clock.now().toString() }
  await upload('health', 'ok.csv', clampFile([minute(-1), 5, 5, 5, 5]))
  await upload('health', 'bad.csv', 'PK\u0003\u0004')
  const { body } = await rig.depotApi(processOperations.listProcesses, {})
  expect(body.find(({ subject }: { subject: string }) => subject === 'health')).toMatchObject({
    process: 'feed',
    depotId: 'yard',
    lastRunAt: at,
    lastSuccessAt: at,
    lastRecords: 4,
    runs: 2,
    failures: 1,
    failuresInARow: 1,
    lastError: expect.stringContaining('ZIP'),
  })
})

test('P4 the content of raw files is forgotten after their time, their digests stay, and a restart goes on', async () => {
  await saveFeed(rig, 'short', siteLoadFeed({ keepDays: 1 }))
  await upload('short', 's.csv', clampFile([minute(-1), 5, 5, 5, 5]))
  await rig.restart()
  const [file] = await files('short')
  expect(file).toMatchObject({ hasContent: true })
  const later = rig.clock.now().plusSeconds(2 * 86_400)
  await forgetContent(rig.db, later, { feedId: 'short', keepDays: 1, unreadableDays: null })
  expect(await files('short')).toMatchObject([{ hasContent: false, sha256: file.sha256 }])
  const params = { feedId: 'short', fileId: file.fileId }
  expect(await rig.depotApi(replayFeedFile, { params })).toMatchObject({ status: 409 })
})
