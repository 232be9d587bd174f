import { createHmac } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DepotAlarm, depotAlarmOperations } from '../../schemas/fsp/alarms.ts'
import { depotAccessOperations } from '../../schemas/fsp/depot-access.ts'
import { emergencyOperations } from '../../schemas/fsp/emergency.ts'
import { fspFeedOperations } from '../../schemas/fsp/feeds/feeds.ts'
import { processOperations } from '../../schemas/fsp/processes.ts'
import { createClient } from '../../test/support/client.ts'
import { channels, clampFile, mixedDepot, saveFeed, siteLoadFeed, startHttp } from './support/feeds.ts'
import { logIn, models, type Rig, startRig } from './support/rig.ts'

const { listDepotAlarms, acknowledgeDepotAlarm, readAlarmHistory, setAlarmSetting, saveAlarmChannel } =
  depotAlarmOperations

let rig: Rig
const heard: { path: string; body: string; signature: string | undefined }[] = []
let isChatDown = false
let close: () => Promise<void>
const signingKey = 'a signing key of the test'
beforeAll(async () => {
  rig = await startRig('2026-01-15T12:00:00Z', { first: { depots: [mixedDepot], models } }, afterAll)
  const chat = await startHttp((request, response) => {
    let body = ''
    request.on('data', (part) => {
      body += part
    })
    request.on('end', () => {
      const signature = request.headers['x-ringmain-signature'] as string | undefined
      if (!isChatDown) heard.push({ path: request.url ?? '', body, signature })
      response.writeHead(isChatDown ? 500 : 200).end()
    })
  })
  close = chat.close
  const channel = (channelId: string, more: object) =>
    rig.depotApi(saveAlarmChannel, {
      params: { channelId },
      body: { name: channelId, address: `${chat.url}/${channelId}`, ...more },
    })
  expect((await channel('chat', { shape: 'chat' })).status).toBe(200)
  expect((await channel('control-room', { fromLevel: 'amber', key: signingKey })).body).toMatchObject({ hasKey: true })
}, 240_000)
afterAll(() => close())

const alarms = async (kind: string, state = 'open'): Promise<DepotAlarm[]> =>
  (await rig.depotApi(listDepotAlarms, { query: { kind, state } })).body
const acknowledge = ({ alarmId }: DepotAlarm) =>
  rig.depotApi(acknowledgeDepotAlarm, { params: { alarmId }, body: { note: 'seen' } })
const setting = (kind: string, body: object) =>
  rig.depotApi(setAlarmSetting, {
    params: { depotId: 'yard', kind },
    body: { isOn: true, amberS: null, redS: null, onDelayS: 0, offDelayS: 0, responsible: null, ...body },
  })

test('EXC01 a socket that charges and is not heard of for more than 60 s is red; idle sockets are silent by right', async () => {
  const unit = rig.chargePoint('yard-01')
  await unit.connect()
  const transactionId = await unit.plugIn(1, 'yard-001')
  await unit.meter(1, transactionId, 0, 7_000)
  await rig.pass(1)
  expect(await alarms('charge-point-silent')).toEqual([])
  await rig.pass(1)
  const [alarm, ...others] = await alarms('charge-point-silent')
  expect(alarm).toMatchObject({ sourceId: 'yard-01/1', level: 'red', state: 'unacknowledged', depotId: 'yard' })
  expect(alarm?.message).toContain('last heard of 2 min ago')
  // Its own other sockets and the units that never connected are idle.
  expect(others).toEqual([])
  expect(heard.map(({ path }) => path)).toContain('/chat')
  await unit.meter(1, transactionId, 100, 7_000)
  await rig.pass(1)
  expect(await alarms('charge-point-silent')).toMatchObject([{ state: 'cleared-unacknowledged' }])
  await unit.stop(transactionId, 200)
  await rig.pass(5)
  expect(await alarms('charge-point-silent')).toMatchObject([{ state: 'cleared-unacknowledged', occurrences: 1 }])
})

test('EXC01 a full vehicle is silent by right as long as its charge point is connected, and counts from when it charges again', async () => {
  const unit = rig.chargePoint('yard-02')
  await unit.connect()
  const transactionId = await unit.plugIn(1, 'yard-002')
  await unit.meter(1, transactionId, 0, 7_000)
  await unit.status(1, 'SuspendedEV')
  const own = async () => (await alarms('charge-point-silent')).filter(({ sourceId }) => sourceId === 'yard-02/1')
  await rig.pass(3)
  expect(await own()).toEqual([])
  await unit.status(1, 'Charging')
  await rig.pass(1)
  expect(await own()).toEqual([])
  await rig.pass(1)
  expect(await own()).toMatchObject([{ level: 'red', message: expect.stringContaining('last heard of 2 min ago') }])
  await unit.stop(transactionId, 100)
})

test('EXC04 EXC05 J6 the site load is amber after 7 min and red with a notice after 10, to whom it concerns', async () => {
  await setting('site-load-stale', {
    amberS: 420,
    redS: 600,
    responsible: { name: 'Energy desk', contact: '+44 20 7946 0000' },
  })
  await rig.siteLoad(50_000)
  await rig.pass(7)
  expect(await alarms('site-load-stale')).toEqual([])
  await rig.pass(1)
  expect(await alarms('site-load-stale')).toMatchObject([{ level: 'amber', responsible: { name: 'Energy desk' } }])
  heard.length = 0
  await rig.pass(2)
  expect(heard).toEqual([])
  await rig.pass(1)
  const [alarm] = (await alarms('site-load-stale')) as [DepotAlarm]
  expect(alarm).toMatchObject({ level: 'red', state: 'unacknowledged', occurrences: 2 })
  const chat = heard.filter(({ path }) => path === '/chat').map(({ body }) => JSON.parse(body))
  expect(chat).toEqual([{ text: expect.stringContaining('last measured 11 min ago') }])
  expect(chat[0].text).toContain('Responsible: Energy desk, +44 20 7946 0000')
  const [signed] = heard.filter(({ path }) => path === '/control-room')
  expect(JSON.parse(signed?.body ?? '')).toMatchObject({
    event: 'escalated',
    alarm: { kind: 'site-load-stale', level: 'red' },
  })
  const wanted = createHmac('sha256', signingKey)
    .update(signed?.body ?? '')
    .digest('hex')
  expect(signed?.signature).toBe(`sha256=${wanted}`)
  expect((await acknowledge(alarm)).body).toMatchObject({ state: 'acknowledged', acknowledgedBy: 'admin' })
  await rig.siteLoad(50_000)
  await rig.pass(1)
  expect(await alarms('site-load-stale')).toEqual([])
  const { body } = await rig.depotApi(readAlarmHistory, { params: { alarmId: alarm.alarmId } })
  expect(body.map(({ event }: { event: string }) => event)).toEqual(['raised', 'escalated', 'acknowledged', 'cleared'])
  expect(await alarms('site-load-stale', 'closed')).toMatchObject([{ alarmId: alarm.alarmId }])
})

const fetched = [
  [
    'EXC06 the weather',
    'weather',
    { kind: 'weather', isForecast: false },
    { time: '2026-01-15T12:00:00Z', temperature: 4.5 },
  ],
  [
    'EXC08 the telematics of one provider',
    'mercedes',
    { kind: 'telematics', provider: 'Mercedes', identity: 'id', at: 'time', fields: [] },
    null,
  ],
  [
    'EXC09 that of another',
    'axodel',
    { kind: 'telematics', provider: 'Axodel', identity: 'unit', at: 'when', fields: [] },
    null,
  ],
] as const

test.each(fetched)(
  '%s: an ingestion that fails is red at once, with a notice, and clears with the next that succeeds',
  async (_, feedId, format, record) => {
    let isDown = true
    const supplier = await startHttp((_, response) => {
      response.writeHead(isDown ? 502 : 200).end(JSON.stringify(record === null ? [] : [record]))
    })
    const own = async () => (await alarms('ingestion-failed')).filter(({ sourceId }) => sourceId === feedId)
    try {
      const feed = {
        name: feedId,
        owner: 'Energy desk',
        provider: feedId,
        depotId: 'yard',
        cadenceS: 3_600,
        amberS: null,
        redS: 7_200,
        transport: { type: 'http', url: supplier.url },
        format,
      }
      expect((await saveFeed(rig, feedId, feed)).status).toBe(200)
      heard.length = 0
      await rig.pass(1)
      expect(await own()).toMatchObject([{ level: 'red', message: expect.stringContaining('502') }])
      expect(heard.some(({ body }) => body.includes(`${feedId} failed`))).toBe(true)
      isDown = false
      await rig.pass(1)
      expect(await own()).toMatchObject([{ state: 'cleared-unacknowledged' }])
      const { body: state } = await rig.depotApi(fspFeedOperations.readDepotFeed, { params: { feedId } })
      // An answer without a vehicle succeeds, and is no news of one.
      expect(state).toMatchObject({ lastError: null, failuresInARow: 0, lastRecord: record })
      expect(state.freshness).toBe(record === null ? 'never' : 'green')
    } finally {
      await supplier.close()
    }
  },
)

test('EXC07 an ingestion that hangs is a failed one after a minute, and clears once what hung has been taken', async () => {
  await rig.restart()
  const unit = rig.chargePoint('yard-01')
  await unit.boot()
  await rig.pass(1)
  const own = async () => (await alarms('ingestion-failed')).filter(({ sourceId }) => sourceId === 'yard')
  const processes = async () => (await rig.depotApi(processOperations.listProcesses)).body
  let status: Promise<unknown> = Promise.resolve()
  await rig.db.transaction(async (tx) => {
    await tx.execute(sql`lock table status_change in access exclusive mode`)
    status = unit.status(1, 'Preparing')
    await expect
      .poll(async () => {
        const [waiting] = await tx.execute(sql`
          select 1 from pg_locks join pg_database d on d.oid = database where d.datname = current_database() and not granted`)
        return waiting !== undefined
      })
      .toBe(true)
    await rig.pass(1)
    await rig.pass(1)
    expect(await own()).toMatchObject([
      { level: 'red', state: 'unacknowledged', message: expect.stringMatching(/yard are not taken in: 1 waiting/) },
    ])
    expect(await processes()).toContainEqual(
      expect.objectContaining({
        process: 'charge-points',
        lastError: expect.stringContaining('not taken in'),
      }),
    )
  })
  await status
  await rig.pass(1)
  const [cleared] = await own()
  expect(cleared?.state).toBe('cleared-unacknowledged')
  await acknowledge(cleared as DepotAlarm)
  expect(await own()).toEqual([])
})

test('EXC07 messages of charge points that cannot be taken, and a depot that is cut off, are a failed ingestion: red, with a notice', async () => {
  // No connection of another test is left.
  await rig.restart()
  const unit = rig.chargePoint('yard-03')
  await unit.boot()
  await rig.pass(1)
  const own = async () => (await alarms('ingestion-failed')).filter(({ sourceId }) => sourceId === 'yard')
  const processOf = async () =>
    (await rig.depotApi(processOperations.listProcesses)).body.find(
      ({ process }: { process: string }) => process === 'charge-points',
    )
  expect(await own()).toEqual([])
  expect(await processOf()).toMatchObject({ lastError: null, figures: { chargePoints: 4, connected: 1 } })
  heard.length = 0
  await rig.db.execute(sql`alter table status_change rename to status_change_away`)
  await expect(unit.status(1, 'Preparing')).rejects.toThrow()
  await rig.pass(1)
  await rig.db.execute(sql`alter table status_change_away rename to status_change`)
  const [alarm] = await own()
  expect(alarm).toMatchObject({
    level: 'red',
    message: expect.stringMatching(/^1 of \d+ messages of .* yard could not/),
  })
  expect(heard.some(({ body }) => body.includes('could not be taken'))).toBe(true)
  expect(await processOf()).toMatchObject({ failuresInARow: 1, lastError: alarm?.message })
  await unit.status(1, 'Available')
  await rig.pass(1)
  expect((await own())[0]?.state).toBe('cleared-unacknowledged')
  await unit.hangUp()
  await rig.pass(1)
  expect((await own())[0]?.state).toBe('cleared-unacknowledged')
  await rig.pass(2)
  expect((await own())[0]).toMatchObject({
    state: 'unacknowledged',
    message: expect.stringContaining('No charge point'),
  })
  // A restart does not forget that there was one.
  await rig.restart()
  await rig.pass(3)
  expect((await own())[0]?.state).toBe('unacknowledged')
  const again = rig.chargePoint('yard-03')
  await again.boot()
  await rig.pass(1)
  expect((await own())[0]?.state).toBe('cleared-unacknowledged')
})

test('J9 P3 a form that has changed is an alarm with the offending record, until a delivery fits again', async () => {
  await saveFeed(rig, 'clamps', siteLoadFeed())
  const give = (record: object) =>
    rig.depotApi(fspFeedOperations.pushFeedRecords, { params: { feedId: 'clamps' }, body: { records: [record] } })
  const at = rig.clock.now().toString()
  await give({ timestamp: at, device: channels[0].channel, milliamps: 3 })
  expect(await alarms('feed-drift')).toMatchObject([
    { level: 'red', message: expect.stringContaining('"milliamps":3') },
  ])
  await give({ timestamp: at, device: channels[0].channel, current_a: 3 })
  expect(await alarms('feed-drift')).toMatchObject([{ state: 'cleared-unacknowledged' }])
  await rig.pass(8)
  expect(await alarms('feed-stale')).toMatchObject([{ sourceId: 'clamps', level: 'amber' }])
  const file = { params: { feedId: 'clamps' }, query: { name: 'x.csv' }, body: clampFile([at, 1, 1, 1, 1]) }
  await rig.depotApi(fspFeedOperations.uploadFeedFile, file)
  await rig.pass(1)
  expect(await alarms('feed-stale')).toMatchObject([{ state: 'cleared-unacknowledged' }])
})

test('H7 an emergency off, an unknown vehicle after its delay, and a set point that is refused are alarms; a kind that is off is none', async () => {
  await rig.siteLoad(20_000)
  await setting('charge-point-silent', { isOn: false, redS: 60 })
  const unit = rig.chargePoint('yard-03')
  await unit.connect()
  unit.on('SetChargingProfile', () => ({ status: 'Rejected' }))
  const transactionId = await unit.plugIn(1, 'a stranger')
  await unit.meter(1, transactionId, 0, 7_000)
  const ofSocket = async (kind: string) => (await alarms(kind)).filter(({ sourceId }) => sourceId === 'yard-03/1')
  await rig.pass(1)
  expect(await ofSocket('unknown-vehicle')).toEqual([])
  await rig.pass(3)
  expect(await ofSocket('unknown-vehicle')).toMatchObject([{ level: 'amber' }])
  expect(await ofSocket('set-point-refused')).toMatchObject([{ level: 'red' }])
  expect(await ofSocket('charge-point-silent')).toEqual([])
  const off = { confirm: 'yard', standingLimitA: 6, reason: 'a test' }
  expect((await rig.depotApi(emergencyOperations.switchOff, { body: off })).status).toBe(200)
  await rig.pass(1)
  expect(await alarms('emergency-off')).toMatchObject([{ sourceId: 'yard', level: 'red' }])
  await rig.depotApi(emergencyOperations.switchOn, { body: { confirm: 'yard', reason: 'done' } })
  await unit.stop(transactionId, 100)
  await rig.pass(3)
  expect(await alarms('emergency-off')).toMatchObject([{ state: 'cleared-unacknowledged' }])
  for (const kind of ['unknown-vehicle', 'set-point-refused'])
    expect(await ofSocket(kind)).toMatchObject([{ state: 'cleared-unacknowledged' }])
})

test('Q5 a notice that is not taken is sent again after growing gaps, is dead after eight attempts, and can be sent anew', async () => {
  isChatDown = true
  const off = { confirm: 'yard', standingLimitA: 6, reason: 'another test' }
  await rig.depotApi(emergencyOperations.switchOff, { body: off })
  // 1 + 2 + 4 + … + 64 minutes after the first attempt.
  await rig.pass(130)
  const dead = (await rig.depotApi(depotAlarmOperations.listDepotAlarmNotices, {})).body
  const [notice] = dead.filter((each: { channelId: string; event: string }) => each.channelId === 'chat')
  expect(notice).toMatchObject({ state: 'dead', attempts: 8, lastError: 'answered 500' })
  isChatDown = false
  heard.length = 0
  const { noticeId } = notice
  expect((await rig.depotApi(depotAlarmOperations.retryDepotAlarmNotice, { params: { noticeId } })).status).toBe(204)
  await rig.pass(1)
  expect(heard.some(({ path }) => path === '/chat')).toBe(true)
  const again = await rig.depotApi(depotAlarmOperations.retryDepotAlarmNotice, { params: { noticeId } })
  expect(again.status).toBe(409)
})

test('H18 people of another depot neither see nor acknowledge an alarm', async () => {
  const password = 'a pass phrase of the test'
  const body = { username: 'other', fullName: 'Other', password, role: 'depot-admin', depotIds: ['elsewhere'] }
  await rig.depotApi(depotAccessOperations.createDepotAccount, { body })
  const token = await logIn(rig.fsp.url, { username: 'other', password })
  const other = createClient(rig.fsp.url, { authorization: `Bearer ${token}` })
  const [alarm] = (await alarms('emergency-off')) as [DepotAlarm]
  expect((await other.ask(listDepotAlarms)).body).toEqual([])
  const call = { params: { alarmId: alarm.alarmId }, body: {} }
  expect(await other.ask(acknowledgeDepotAlarm, call)).toMatchObject({ status: 404 })
})
