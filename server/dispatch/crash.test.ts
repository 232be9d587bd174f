import { Instant } from '@js-joda/core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { operations } from '../../schemas/operations.ts'
import { type DispatchRig, rigDay, startDispatchRig } from '../../test/support/dispatch.ts'
import { type HeldStatement, holdAt, type ServerProcess, startServerProcess } from '../../test/support/killed-server.ts'
import { type MailDesk, startMailDesk } from '../../test/support/mail-desk.ts'
import { agreed, secondPerson } from '../../test/support/second-person.ts'
import { saveFuForecast } from '../planning/index.ts'

// Each case starts one to three servers as processes, which a busy machine takes its time over.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

/** Where a server is killed: at a statement, or while the FSP, its token endpoint or its mail server is being called. */
type CrashPoint = HeldStatement | { peer: 'token' | 'hang' | 'take-and-hang' | 'hang-when-asked' | 'mail' }

const statement = (
  table: string,
  op: HeldStatement['op'],
  where: string,
  then: HeldStatement['then'],
  at: HeldStatement['at'] = 'statement',
): HeldStatement => ({ table, op, where, at, then })

/** Every step from a tick to the record of its instruction, in order. */
const toTheFsp: [string, CrashPoint][] = [
  ['the tick is being written', statement('dispatch_cycle', 'INSERT', `new.product = 'A'`, 'undone')],
  ['the tick is written', statement('dispatch_cycle', 'INSERT', `new.product = 'A'`, 'done')],
  ['the tick is being claimed', statement('dispatch_cycle', 'UPDATE', 'new.done_at is null', 'undone')],
  ['the tick is claimed', statement('dispatch_cycle', 'UPDATE', 'new.done_at is null', 'done')],
  ['the intent is being written', statement('instruction', 'INSERT', 'true', 'undone')],
  ['the tick is being marked as done', statement('dispatch_cycle', 'UPDATE', 'new.done_at is not null', 'undone')],
  ['the intent is being committed', statement('instruction', 'INSERT', 'true', 'undone', 'commit')],
  ['the intent is committed', statement('instruction', 'INSERT', 'true', 'done', 'commit')],
  ['it is being marked as sent', statement('instruction', 'UPDATE', `new.state = 'sent'`, 'undone')],
  ['it is marked as sent', statement('instruction', 'UPDATE', `new.state = 'sent'`, 'done')],
  ['a token is asked for', { peer: 'token' }],
  ['the request is at the FSP, which has done nothing', { peer: 'hang' }],
  ['the request is at the FSP, which has done it', { peer: 'take-and-hang' }],
  ['the answer’s attempt is being recorded', statement('instruction_attempt', 'INSERT', 'true', 'undone')],
  ['the answer is being recorded', statement('instruction', 'UPDATE', `new.state = 'acknowledged'`, 'undone')],
  ['its implied limit is being recorded', statement('implied_limit', 'INSERT', 'true', 'undone')],
  ['the record is being committed', statement('instruction_attempt', 'INSERT', 'true', 'undone', 'commit')],
  ['the record is committed', statement('instruction_attempt', 'INSERT', 'true', 'done', 'commit')],
]

const claim = `old.state = 'sent' and new.state = 'sent'`
/** Every step of the question that clears up a sending which was cut off after its effect, and before it. */
const clearingUp: [string, 'take-and-hang' | 'hang', CrashPoint][] = [
  ['the question is being claimed', 'take-and-hang', statement('instruction', 'UPDATE', claim, 'undone')],
  ['the question is claimed', 'take-and-hang', statement('instruction', 'UPDATE', claim, 'done')],
  ['the question is at the FSP', 'take-and-hang', { peer: 'hang-when-asked' }],
  ['its answer is being recorded', 'take-and-hang', statement('instruction_attempt', 'INSERT', 'true', 'undone')],
  ['its answer is recorded', 'take-and-hang', statement('instruction_attempt', 'INSERT', 'true', 'done', 'commit')],
  [
    'that the FSP never saw it is being recorded',
    'hang',
    statement('instruction', 'UPDATE', `new.state = 'planned'`, 'undone'),
  ],
  [
    'that the FSP never saw it is recorded',
    'hang',
    statement('instruction', 'UPDATE', `new.state = 'planned'`, 'done', 'commit'),
  ],
]

/** Every step that is another on the manual route. */
const toTheDesk: [string, CrashPoint][] = [
  ['the sheet is being marked as sent', statement('instruction', 'UPDATE', `new.state = 'sent'`, 'undone')],
  ['the sheet is marked as sent', statement('instruction', 'UPDATE', `new.state = 'sent'`, 'done')],
  ['the mail is at its server, which has not answered', { peer: 'mail' }],
  ['the hand-over is being recorded', statement('instruction_attempt', 'INSERT', 'true', 'undone')],
  ['the hand-over is being committed', statement('instruction_attempt', 'INSERT', 'true', 'undone', 'commit')],
  ['the hand-over is recorded', statement('instruction_attempt', 'INSERT', 'true', 'done', 'commit')],
]

let rig: DispatchRig
let desk: MailDesk
let fuId: string
let server: ServerProcess | undefined
let tick = Instant.parse(`${rigDay}T05:30:00Z`)
const windowOf = (at: Instant) => at.plusSeconds(1_800)

const start = (at: Instant) =>
  startServerProcess(rig.databaseUrl, at, {
    RINGMAIN_SECRET_KEY: rig.server.secretKey.toString('hex'),
    RINGMAIN_SMTP_URL: desk.url,
  })

beforeAll(async () => {
  desk = await startMailDesk()
  rig = await startDispatchRig(Instant.parse(`${rigDay}T05:00:00Z`))
  fuId = await rig.unitFor('A', 'Crash FU', { from: '06:00', to: '22:00' })
  const starts = Array.from({ length: 64 }, (_, i) => Instant.parse(`${rigDay}T06:00:00Z`).plusSeconds(i * 900))
  await rig.schedule(fuId, Object.fromEntries(starts.map((at) => [at.toString().slice(11, 16), 40_000])))
  await rig.select(fuId)
  const common = { fuId, importW: 65_000, source: 'test', updatedAt: rig.clock.now() }
  await saveFuForecast(
    rig.server.context.db,
    starts.map((periodStart) => ({ ...common, periodStart })),
  )
  // The first tick of a new system, before which none is owed.
  server = await start(tick.minusSeconds(1))
  await server.advanceTo(tick)
})
afterAll(async () => {
  await server?.kill()
})

/** Kills the server at a point on its way to an instant; another takes its place a second later. */
async function crash(point: CrashPoint, on: Instant): Promise<void> {
  const { control } = rig
  // One that has a token would ask for none.
  if ('peer' in point && point.peer === 'token') {
    await server?.kill()
    server = await start(on.minusSeconds(1))
  }
  const victim = server
  if (!victim) throw new Error('there is no server to kill')
  if ('peer' in point) {
    const before = control.hanging + desk.mails.length
    if (point.peer === 'token') control.isTokenEndpointHanging = true
    else if (point.peer === 'mail') desk.isHanging = true
    else control.behaviour = point.peer
    void victim.advanceTo(on)
    const isThere = () => control.hanging + desk.mails.length > before
    await expect.poll(isThere, { timeout: 60_000, interval: 20 }).toBe(true)
    await victim.kill()
    control.behaviour = 'accept'
    control.isTokenEndpointHanging = false
    desk.isHanging = false
  } else {
    const held = await holdAt(rig.db, point)
    void victim.advanceTo(on)
    await held.reached()
    await victim.kill()
    await held.end()
  }
  server = await start(on.plusSeconds(1))
}

/** Before each case the tick is the next one, and a server is up just before it. */
async function nextTick(): Promise<void> {
  tick = tick.plusSeconds(900)
  const before = tick.minusSeconds(1)
  if (server?.isAlive()) await server.advanceTo(before)
  else server = await start(before)
}

/** What there is of this tick's window. */
async function outcome() {
  const window = windowOf(tick).toString()
  const { $client } = rig.server.context.db
  const rows = (await rig.instructions(fuId)).filter((i) => i.intervals[0]?.from === window)
  const ids = new Set(rows.map((i) => i.instructionId))
  return {
    states: rows.map((i) => i.state),
    isInTime: rows.every((i) => i.issuedAt !== null && i.issuedAt < i.expiresAt),
    sentIds: new Set(rig.control.received.filter((i) => i.intervals[0]?.from === window).map((i) => i.instructionId))
      .size,
    effects: [...rig.control.taken.keys()].filter((id) => ids.has(id)).length,
    sheets: new Set(desk.mails.filter((m) => [...ids].some((id) => m.text.includes(id))).map((m) => m.messageId)).size,
    limits: (await $client`select limit_w from implied_limit where from_at = ${window}`).map((r) => r['limit_w']),
    ticks: (
      await $client`select outcome from dispatch_cycle where product = 'A' and starts_at = ${tick.toString()}`
    ).map((r) => r['outcome']),
  }
}

const once = { states: ['acknowledged'], isInTime: true, limits: [25_000], ticks: ['issued'] }

describe('FM06 a server killed when', () => {
  test.each(toTheFsp)('%s: nothing is lost, late or doubled', async (_, point) => {
    await nextTick()
    await crash(point, tick)
    await server?.advanceTo(tick.plusSeconds(240))
    expect(await outcome()).toEqual({ ...once, sentIds: 1, effects: 1, sheets: 0 })
  })

  test.each(clearingUp)('%s, after another was killed: nothing is lost, late or doubled', async (_, first, point) => {
    await nextTick()
    await crash({ peer: first }, tick)
    await crash(point, tick.plusSeconds(60))
    await server?.advanceTo(tick.plusSeconds(360))
    expect(await outcome()).toEqual({ ...once, sentIds: 1, effects: 1, sheets: 0 })
  })
})

describe('FM06 FB08 on the manual route, a server killed when', () => {
  const setRoute = async (body: object) =>
    agreed(
      await secondPerson(rig.server),
      rig.engineer.ask(operations.setDispatchRoute, { params: { id: rig.fsp.fspId }, body }),
    )
  beforeAll(async () => {
    await setRoute({ route: 'email', email: 'desk@fsp.example' })
  })
  test.each(toTheDesk)('%s: one sheet, in time, which is confirmed by hand', async (_, point) => {
    await nextTick()
    await crash(point, tick)
    await server?.advanceTo(tick.plusSeconds(240))
    expect(await outcome()).toMatchObject({ states: ['sent'], isInTime: true, sheets: 1, sentIds: 0 })
    const [row] = (await rig.instructions(fuId)).slice(-1)
    const { body } = await rig.engineer.ask(operations.readInstruction, { params: { id: row?.instructionId } })
    expect(body.attempts.map((a: { outcome: string }) => a.outcome)).toEqual(['handed-over: sent to desk@fsp.example'])
    const confirmation = { outcome: 'accepted', note: 'Jo by telephone' }
    expect(
      (
        await rig.engineer.ask(operations.confirmInstruction, {
          params: { id: row?.instructionId },
          body: confirmation,
        })
      ).status,
    ).toBe(200)
    expect(await outcome()).toEqual({ ...once, sheets: 1, sentIds: 0, effects: 0 })
  })
  afterAll(async () => {
    await setRoute({ route: 'http' })
  })
})

test('FM35 a server whose database connection is lost at the tick takes the tick up a minute later', async () => {
  await nextTick()
  const held = await holdAt(rig.db, statement('dispatch_cycle', 'INSERT', `new.product = 'A'`, 'undone'))
  const advanced = server?.advanceTo(tick.plusSeconds(60))
  await held.reached()
  await held.end()
  await advanced
  expect(await outcome()).toEqual({ ...once, sentIds: 1, effects: 1, sheets: 0 })
})

test('FM06 FM08 two server processes tick at once: one instruction, one request, one effect per window', async () => {
  await nextTick()
  const other = await start(tick.minusSeconds(1))
  const before = rig.control.received.length
  for (let i = 0; i < 4; i++) {
    await Promise.all([server?.advanceTo(tick), other.advanceTo(tick)])
    // Only now: a clock that runs a minute ahead of the other would take the other's lease for over while it sends.
    await Promise.all([server?.advanceTo(tick.plusSeconds(60)), other.advanceTo(tick.plusSeconds(60))])
    expect(await outcome()).toEqual({ ...once, sentIds: 1, effects: 1, sheets: 0 })
    tick = tick.plusSeconds(900)
    await Promise.all([server?.advanceTo(tick.minusSeconds(1)), other.advanceTo(tick.minusSeconds(1))])
  }
  expect(rig.control.received.length - before).toBe(4)
  await other.kill()
})

test('FM09 through all of it no tick was missed', async () => {
  const outcomes = await rig.server.context.db.$client`
    select outcome, count(*)::int as n from dispatch_cycle where product = 'A' and done_at is not null group by 1`
  expect(outcomes.map((row) => row['outcome'])).toEqual(['issued'])
})
