import { Instant } from '@js-joda/core'
import { beforeAll, expect, test } from 'vitest'
import type { Mail } from '../../../platform/mail/index.ts'
import { operations } from '../../../schemas/operations.ts'
import type { DailyReport } from '../../../schemas/settlement/daily-report.ts'
import type { StatementLine } from '../../../schemas/settlement/statements.ts'
import { sumGbp } from '../../../schemas/vocabulary/money.ts'
import type { Client } from '../../../test/support/client.ts'
import { rigDay } from '../../../test/support/dispatch.ts'
import { startWithTwoFsps, type TwoFsps } from '../../../test/support/two-fsps.ts'
import { mailReport } from './index.ts'

const nextDay = '2026-01-16'
let scene: TwoFsps
let clerk: Client

/** The morning after an evening on which two FSPs were instructed, one alarm was raised and one site exceeded its limit. */
beforeAll(async () => {
  scene = await startWithTwoFsps()
  const { rig } = scene
  await rig.clock.advanceTo(Instant.parse(`${rigDay}T19:30:00Z`))
  await rig.db.$client`
    insert into breach (breach_id, connection_id, direction, start_at, end_at, limit_w, limit_source, peak_excess_w, excess_wh, excess_w, counted_to)
    select gen_random_uuid(), connection_id, 'import', ${`${rigDay}T18:00:00Z`}, ${`${rigDay}T18:10:00Z`}, 100000, 'profile', 12000, 1500, 0,
      ${`${rigDay}T18:10:00Z`} from connection order by name limit 1`
  rig.clock.jumpTo(Instant.parse(`${nextDay}T06:58:00Z`))
  clerk = await rig.server.person('carol', 'settlement')
}, 240_000)

const report = async (day: string): Promise<DailyReport> => {
  const { status, body } = await clerk.ask(operations.readDailyReport, { params: { day } })
  expect([status, body.detail]).toEqual([200, undefined])
  return body
}

test('P14 the report of a day tells its dispatch, its breaches and what it is worth, as the statement of the month will have it', async () => {
  const made = await report(rigDay)
  // Eight quarter-hours from 17:00 to 19:00 for each of two FUs; nothing under B and C.
  const all = { due: 16, issued: 16, acknowledged: 16, refused: 0, unknown: 0, missed: 0, stopped: 0 }
  const none = { due: 0, issued: 0, acknowledged: 0, refused: 0, unknown: 0, missed: 0, stopped: 0 }
  expect(made.dispatch).toEqual([
    { product: 'A', ...all },
    { product: 'B', ...none },
    { product: 'C', ...none },
  ])
  expect(made.breaches).toMatchObject({ begun: 1, worst: [{ peakExcessW: 12_000, excessWh: 1_500 }] })
  expect(made.hubs).toMatchObject({ registered: 1, silent: 1 })
  expect(made.money.map(({ product, instructedWh }) => [product, instructedWh])).toEqual([
    // 40 kW for two hours each.
    ['A', 80_000],
    ['A', 80_000],
  ])
  // The statements of the scene were issued when little of the evening was over.
  await scene.rig.db.$client`truncate statement cascade`
  for (const { fspId, amountGbp } of made.money) {
    const body = { fspId, product: 'A', month: '2026-01' }
    const { statementId } = (await clerk.ask(operations.prepareStatement, { body })).body
    const { lines } = (await clerk.ask(operations.readStatement, { params: { id: statementId } })).body
    const ofDay = (lines as StatementLine[]).filter(({ from }) => from.startsWith(rigDay))
    expect([ofDay.length, sumGbp(ofDay.map(({ settledGbp }) => settledGbp))]).toEqual([8, amountGbp])
  }
  expect(made.totalGbp).toBe(sumGbp(made.money.map(({ amountGbp }) => amountGbp)))
})

test('a day that is not over is refused, and one without anything is a report of nothing', async () => {
  const { status, body } = await clerk.ask(operations.readDailyReport, { params: { day: nextDay } })
  expect([status, body.errors]).toEqual([422, [{ field: 'day', message: 'must be over' }]])
  expect(await report('2026-01-11')).toMatchObject({ breaches: { begun: 0, worst: [] }, money: [], totalGbp: '0.00' })
})

test('FM40 an FSP and its people read no report: it tells of all FSPs', async () => {
  const { server } = scene.rig
  const { clientId, clientSecret, fspId } = scene.one.fsp
  for (const who of [await server.tokenClient(clientId, clientSecret), await server.fspUser('frida', fspId)])
    expect((await who.ask(operations.readDailyReport, { params: { day: rigDay } })).status).toBe(403)
})

test('P14 it goes out by mail once at seven, to each address, whichever server comes first', async () => {
  const { context } = scene.rig.server
  const sent: Mail[] = []
  const mailer = async (mail: Mail) => {
    if (mail.to === 'broken@dno.example') throw new Error('mailbox full')
    sent.push(mail)
  }
  const to = ['broken@dno.example', 'desk@dno.example']
  const pass = (time: string) => mailReport(context, to, mailer, Instant.parse(`${nextDay}T${time}:00Z`))
  await pass('06:59')
  expect(sent).toEqual([])
  // A report that could not be made is owed still.
  await scene.rig.db.$client`alter table feed_failure rename to feed_failure_away`
  await expect(pass('07:00')).rejects.toThrow()
  await scene.rig.db.$client`alter table feed_failure_away rename to feed_failure`
  await Promise.all([pass('07:00'), pass('07:00'), pass('07:01')])
  expect(sent.map(({ to: address }) => address)).toEqual(['desk@dno.example'])
  await pass('07:02')
  expect(sent).toHaveLength(1)
  const [{ subject, text } = { subject: '', text: '' }] = sent
  expect(subject).toContain(`${rigDay}: `)
  expect(subject).toContain('1 breach')
  expect(text).toContain('Product A: 16 due, 16 issued, 16 acknowledged')
  expect(text).toContain('12.0 kW over at most, 1.5 kWh')
  expect(text).toContain(`/daily-report?day=${rigDay}`)
})
