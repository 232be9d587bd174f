import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Instant } from '@js-joda/core'
import { SMTPServer } from 'smtp-server'
import { afterAll, describe, expect, test } from 'vitest'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import { createMailer } from '../../../platform/mail/index.ts'
import { type Alarm, alarmPriority } from '../../../schemas/grid/alarms.ts'
import { operations } from '../../../schemas/operations.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { startTestServer } from '../../../test/support/server.ts'
import { sendNotices } from '../notices/index.ts'
import { figuresOf } from './figures.ts'
import { clearAlarm, countAlarms, endShelving, raiseAlarm, releaseAlarms, suppressAlarms } from './index.ts'
import { alarmTransitions } from './rules.ts'

const { db, url } = await createTestDatabase('server')
const clock = new SimulatedClock(Instant.parse('2026-01-15T17:00:00Z'))
const server = await startTestServer(url, clock, { environment: 'live', arePrivateAddressesAllowed: true })
const operator = await server.person('olivia', 'operator')
const administrator = await server.person('ada', 'administrator')

let sources = 0
async function raise(kind: Alarm['kind'] = 'limit-breach'): Promise<Alarm> {
  const source = { type: 'connection', id: `c${++sources}`, name: `Site ${sources}` } as const
  await raiseAlarm(db, clock.now(), { kind, source, message: `${source.name} imports too much.` })
  const { body } = await operator.ask(operations.listAlarms, { query: { limit: '500' } })
  return body.items.find((a: Alarm) => a.source.id === source.id)
}
const listed = async (state: string, id: string) =>
  (await operator.ask(operations.listAlarms, { query: { limit: '500', state } })).body.items.some(
    (a: Alarm) => a.alarmId === id,
  )
const journal = async (id: string) =>
  (await operator.ask(operations.readAlarmJournal, { params: { id } })).body.map(
    (e: { event: string; actor: string }) => [e.event, e.actor],
  )

test('every state answers every event, and a closed alarm stays closed', () => {
  for (const row of Object.values(alarmTransitions)) expect(Object.keys(row)).toHaveLength(5)
  expect(new Set(Object.values(alarmTransitions.closed))).toEqual(new Set(['closed']))
})

test('an alarm has cause, consequence and action, can be assigned, and its journal records everything', async () => {
  const made = await raise()
  expect(made).toMatchObject({ cause: expect.any(String), consequence: expect.any(String), owner: null })
  await operator.ask(operations.takeAlarm, { params: { id: made.alarmId }, body: { owner: 'olivia' } })
  await operator.ask(operations.acknowledgeAlarm, { params: { id: made.alarmId }, body: {} })
  await clearAlarm(db, clock.now(), { kind: 'limit-breach', sourceId: made.source.id })
  expect(await journal(made.alarmId)).toEqual([
    ['raised', 'ringmain'],
    ['taken', 'olivia'],
    ['acknowledged', 'olivia'],
    ['cleared', 'ringmain'],
  ])
  expect(
    await operator.ask(operations.acknowledgeAlarm, { params: { id: crypto.randomUUID() }, body: {} }),
  ).toMatchObject({
    status: 404,
  })
})

describe('shelving', () => {
  test('a shelved alarm is neither listed nor counted, and returns by itself', async () => {
    const made = await raise()
    const before = (await countAlarms(db)).high
    const until = clock.now().plusSeconds(3_600).toString()
    const shelved = await operator.ask(operations.shelveAlarm, {
      params: { id: made.alarmId },
      body: {
        until,
        reason: 'meter exchange',
      },
    })
    expect(shelved.body).toMatchObject({ shelvedUntil: until, shelvedBy: 'olivia', shelfReason: 'meter exchange' })
    expect([await listed('open', made.alarmId), await listed('shelved', made.alarmId)]).toEqual([false, true])
    expect((await countAlarms(db)).high).toBe(before - 1)
    await endShelving(server.context, clock.now().plusSeconds(3_599))
    expect(await listed('open', made.alarmId)).toBe(false)
    await endShelving(server.context, clock.now().plusSeconds(3_600))
    expect(await listed('open', made.alarmId)).toBe(true)
    expect((await journal(made.alarmId)).at(-1)).toEqual(['unshelved', 'ringmain'])
  })

  test('can end early; no alarm is shelved for weeks, or without a reason', async () => {
    const { alarmId } = await raise()
    const shelve = (seconds: number, reason = 'r') =>
      operator.ask(operations.shelveAlarm, {
        params: { id: alarmId },
        body: {
          until: clock.now().plusSeconds(seconds).toString(),
          reason,
        },
      })
    expect(await shelve(8 * 86_400)).toMatchObject({ status: 422, body: { errors: [{ field: 'until' }] } })
    expect(await shelve(-60)).toMatchObject({ status: 422 })
    expect(await shelve(60, '')).toMatchObject({ status: 422, body: { errors: [{ field: 'reason' }] } })
    await shelve(60)
    expect(
      (await operator.ask(operations.unshelveAlarm, { params: { id: alarmId }, text: '' }, {})).body.shelvedUntil,
    ).toBeNull()
    expect(await listed('open', alarmId)).toBe(true)
  })
})

test('alarms are listed a page at a time: the most urgent, then the newest first', async () => {
  for (const kind of ['clock-drift', 'dispatch-not-sent', 'clock-drift', 'limit-breach', 'limit-breach'] as const) {
    await raise(kind)
    await clock.advanceTo(clock.now().plusSeconds(1))
  }
  const { body: whole } = await operator.ask(operations.listAlarms, { query: { state: 'all', limit: '500' } })
  const paged: Alarm[] = []
  let cursor: string | null = null
  do {
    const query = { state: 'all', limit: 2, cursor }
    const { body } = await operator.ask(operations.listAlarms, { query })
    paged.push(...body.items)
    cursor = body.nextCursor
  } while (cursor !== null)
  expect(paged).toEqual(whole.items)
  const open = paged.filter((a) => a.state !== 'closed')
  const rank = (a: Alarm) => alarmPriority.options.indexOf(a.priority)
  expect(open).toEqual(open.toSorted((a, b) => rank(a) - rank(b) || b.raisedAt.localeCompare(a.raisedAt)))
  expect(await operator.ask(operations.listAlarms, { query: { cursor: 'yesterday' } })).toMatchObject({ status: 400 })
})

test('an alarm explained by another is suppressed until the other has gone', async () => {
  const made = await raise('communication-failure')
  const at = clock.now()
  await suppressAlarms(db, at, { kind: 'communication-failure', sourceIds: [made.source.id], causeId: 'gateway-1' })
  expect([await listed('open', made.alarmId), await listed('suppressed', made.alarmId)]).toEqual([false, true])
  await releaseAlarms(db, at, ['gateway-1'])
  expect(await listed('open', made.alarmId)).toBe(true)
})

describe('alarms that are sent', () => {
  const mails: string[] = []
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, callback) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        mails.push(Buffer.concat(chunks).toString())
        callback()
      })
    },
  })
  smtp.listen(0, '127.0.0.1')
  const posts: { body: string; signature: string | undefined; key: string | undefined }[] = []
  let hookStatus = 200
  const hook = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      const header = (name: string) => request.headers[name]?.toString()
      posts.push({ body, signature: header('x-ringmain-signature'), key: header('idempotency-key') })
      response.writeHead(hookStatus).end()
    })
  }).listen(0, '127.0.0.1')
  afterAll(() => {
    smtp.close()
    hook.close()
  })
  const mailer = () =>
    createMailer(`smtp://127.0.0.1:${(smtp.server.address() as AddressInfo).port}`, 'ringmain@dno.example')
  const key = 'a key of sixteen characters'
  const target = (form: object) =>
    administrator.ask(operations.addAlarmTarget, { body: { fromPriority: 'high', active: true, ...form } })
  const notices = async (state: string) => (await operator.ask(operations.listAlarmNotices, { query: { state } })).body

  test('go out by e-mail and by signed webhook, once each, and not below their priority', async () => {
    await target({ name: 'control room', kind: 'email', address: 'control@dno.example' })
    await target({
      name: 'hook',
      kind: 'webhook',
      address: `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`,
      key,
    })
    const made = await raise()
    await raise('clock-drift')
    await sendNotices(server.context, mailer())
    await sendNotices(server.context, mailer())
    expect(mails).toHaveLength(1)
    expect(mails[0]).toContain(`Subject: [high] ${made.source.name}: limit-breach raised`)
    expect(posts).toHaveLength(1)
    const [post] = posts
    expect(JSON.parse(post?.body ?? '')).toMatchObject({ event: 'raised', alarm: { alarmId: made.alarmId } })
    expect(post?.signature).toBe(
      `sha256=${createHmac('sha256', key)
        .update(post?.body ?? '')
        .digest('hex')}`,
    )
    expect(await notices('owed')).toEqual([])
  })

  test('FM33 are retried with growing gaps, then given up without delaying the others, and can be queued again', async () => {
    hookStatus = 503
    await raise()
    let passes = 0
    while ((await notices('owed')).length > 0 && ++passes < 400) {
      await sendNotices(server.context, mailer())
      await clock.advanceTo(clock.now().plusSeconds(60))
    }
    const [dead] = await notices('dead')
    expect(dead).toMatchObject({ targetName: 'hook', attempts: 8, lastError: 'answered 503' })
    expect(passes).toBeGreaterThan(120)
    expect(mails).toHaveLength(2)
    expect(new Set(posts.slice(1).map((p) => p.key))).toEqual(new Set([dead.noticeId]))
    hookStatus = 200
    await operator.ask(operations.retryAlarmNotice, { params: { id: dead.noticeId }, body: {} })
    await sendNotices(server.context, mailer())
    expect(await notices('dead')).toEqual([])
    expect(await operator.ask(operations.retryAlarmNotice, { params: { id: dead.noticeId }, body: {} })).toMatchObject({
      status: 409,
    })
  })

  test('FM41 a webhook inside the DNO’s own network is neither accepted nor called, even if its name leads there later', async () => {
    const strict = await startTestServer(url, clock, { environment: 'live', arePrivateAddressesAllowed: false })
    const strictAdministrator = await strict.person('amina', 'administrator')
    const form = { name: 'inside', kind: 'webhook', fromPriority: 'high', active: true }
    for (const address of [
      'https://169.254.169.254/latest',
      'https://10.0.0.1/',
      'https://[::1]/',
      'http://hook.example/',
    ]) {
      const refused = await strictAdministrator.ask(operations.addAlarmTarget, { body: { ...form, address } })
      expect(refused).toMatchObject({ status: 422, body: { errors: [{ field: 'address' }] } })
    }
    const { port } = hook.address() as AddressInfo
    const inside = await target({ ...form, address: `http://localhost:${port}/` })
    await raise()
    const before = posts.length
    await sendNotices(strict.context, mailer())
    expect(posts).toHaveLength(before)
    const owed = (await notices('owed')).filter((n: { targetName: string }) => n.targetName === 'inside')
    expect(owed).toMatchObject([{ attempts: 1, lastError: expect.stringContaining('internal address') }])
    await administrator.ask(operations.changeAlarmTarget, {
      params: { id: inside.body.targetId },
      body: {
        ...form,
        active: false,
        address: `http://localhost:${port}/`,
      },
    })
  })

  test('a target needs an address of its kind, and an administrator', async () => {
    expect(await target({ name: 'x', kind: 'email', address: 'http://x' })).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'address' }] },
    })
    expect(await operator.ask(operations.addAlarmTarget, { body: {} })).toMatchObject({ status: 403 })
    const form = { name: 'x', kind: 'email', address: 'a@b.example', fromPriority: 'low', active: false }
    expect(await operator.ask(operations.addAlarmTarget, { body: form })).toMatchObject({ status: 403 })
  })
})

test('rates are per operator and ten minutes, and floods are named', async () => {
  const minute = 60_000
  const windows = new Map([
    [0, 5],
    [2, 25],
    [3, 12],
    [5, 11],
  ])
  expect(figuresOf(windows, 0, 60 * minute, 1)).toEqual({
    average: 53 / 6,
    peak: 25,
    floods: [
      { fromMs: 20 * minute, toMs: 40 * minute, alarms: 37 },
      { fromMs: 50 * minute, toMs: 60 * minute, alarms: 11 },
    ],
  })
  expect(figuresOf(windows, 0, 60 * minute, 2).floods).toHaveLength(1)
  const { body } = await operator.ask(operations.readAlarmFigures, { query: { hours: '24' } })
  expect(body.worst[0]).toMatchObject({ alarms: expect.any(Number) })
  expect(body.peakPerOperatorAnd10Min).toBeGreaterThan(0)
})
