import { randomUUID } from 'node:crypto'
import { Instant } from '@js-joda/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { createMailer } from '../../../platform/mail/index.ts'
import type { Contract } from '../../../schemas/market/contracts.ts'
import type { TimetableSettings } from '../../../schemas/market/timetables.ts'
import { operations } from '../../../schemas/operations.ts'
import { defaultGateSettings, gatesFrom } from '../../../schemas/settings/gates.ts'
import { localTimeOf, periodStarts } from '../../../schemas/vocabulary/time.ts'
import { type DispatchRig, startDispatchRig } from '../../../test/support/dispatch.ts'
import { type MailDesk, startMailDesk } from '../../../test/support/mail-desk.ts'
import { registerFsp, type TestFsp } from '../../../test/support/market.ts'
import { agreed, secondPerson } from '../../../test/support/second-person.ts'
import { baselineOf } from '../../../test/support/two-fsps.ts'
import { startWebhook, type Webhook } from '../../../test/support/webhook.ts'
import { marketJobs } from '../index.ts'
import { closingsOn } from '../timetables/closings.ts'
import { type ProductTimetable, wholeProduct } from '../timetables/index.ts'
import { defaultTimetable } from '../timetables/rules.ts'
import { gatesAhead } from './missing-rules.ts'

describe('the gates ahead', () => {
  const timetable = (settings: Partial<TimetableSettings> = {}): ProductTimetable => ({
    ...defaultTimetable('forward-option', gatesFrom(defaultGateSettings['forward-option'].defaults)),
    ...settings,
    product: 'A',
    reach: wholeProduct,
    version: 0,
    inForceFrom: null,
    changedBy: null,
    covers: () => true,
  })
  const ahead = (at: string, minutes = 60, own = timetable(), hours: [string, string] = ['17:00', '19:00']) =>
    gatesAhead(
      {
        // Only its identity matters here.
        contracts: [{ contractId: randomUUID() } as Contract],
        closings: (_, kind, day) => closingsOn(own, kind, day),
        contracted: (_, day) =>
          periodStarts(day, 'PT15M').filter((start) => {
            const time = localTimeOf(start).toLocalTime().toString()
            return time >= hours[0] && time < hours[1]
          }),
      },
      Instant.parse(at),
      minutes,
    ).map(({ day, closesAt, kinds }) => [`${day}`, `${closesAt}`, kinds])

  test('are those that close within the time, however many kinds close together', () => {
    // Baseline and cost of the 16th close on the 15th at 18:00, deviation and availability of the 15th at 12:00.
    const evening = ['2026-01-16', '2026-01-15T18:00:00Z', ['baseline', 'cost']]
    expect(ahead('2026-01-15T16:59:59Z')).toEqual([])
    expect(ahead('2026-01-15T17:00:00Z')).toEqual([evening])
    expect(ahead('2026-01-15T17:59:59Z')).toEqual([evening])
    expect(ahead('2026-01-15T18:00:00Z')).toEqual([])
    expect(ahead('2026-01-15T11:30:00Z')).toEqual([
      ['2026-01-15', '2026-01-15T12:00:00Z', ['deviation', 'availability']],
    ])
    expect(ahead('2026-01-15T11:30:00Z', 390)).toHaveLength(2)
  })

  test('are told once a day where each dispatch has a gate of its own: at the first with a contracted quarter-hour', () => {
    const gate = { minutesBeforeDispatch: 60 }
    const own = timetable({ gates: { baseline: gate, cost: gate, deviation: gate, availability: gate } })
    // A quarter-hour goes out 30 min ahead: that of 17:00 at 16:30, so that its gate closes at 15:30.
    expect(ahead('2026-01-15T14:29:00Z', 60, own)).toEqual([])
    expect(ahead('2026-01-15T14:30:00Z', 60, own)).toEqual([
      ['2026-01-15', '2026-01-15T15:30:00Z', ['baseline', 'cost', 'deviation', 'availability']],
    ])
    expect(ahead('2026-01-15T15:30:00Z', 60, own)).toEqual([])
  })

  test('are none on a day without a contracted quarter-hour', () => {
    expect(ahead('2026-01-15T17:00:00Z', 60, timetable(), ['24:00', '24:00'])).toEqual([])
  })

  test('close by local time, also across midnight', () => {
    expect(ahead('2026-07-01T16:00:00Z')).toEqual([['2026-07-02', '2026-07-01T17:00:00Z', ['baseline', 'cost']]])
    // 23:30 local on the 30th of June; noon of the 1st of July is 11:00Z, 12.5 h away.
    expect(ahead('2026-06-30T22:30:00Z', 750)).toEqual([
      ['2026-07-01', '2026-07-01T11:00:00Z', ['deviation', 'availability']],
    ])
  })
})

describe('an FSP that has submitted nothing', () => {
  let rig: DispatchRig
  let second: TestFsp
  let desk: MailDesk
  let hook: Webhook
  let silent: string
  let speaking: string

  beforeAll(async () => {
    rig = await startDispatchRig(Instant.parse('2026-01-14T09:00:00Z'))
    second = await registerFsp(rig.server, rig.engineer, 'Second Ltd', rig.control)
    desk = await startMailDesk()
    hook = await startWebhook()
    silent = await rig.unitFor('A', 'Silent')
    speaking = await rig.unitFor('A', 'Speaking')
    await rig.unitFor('A', 'Of the second', { of: second })
    marketJobs(rig.server.context, createMailer(desk.url, 'ringmain@dno.example'))
    await rig.clock.advanceTo(Instant.parse('2026-01-14T11:55:00Z'))
    desk.mails.length = 0
  }, 240_000)

  const advanceTo = (at: string) => rig.clock.advanceTo(Instant.parse(at))
  const missing = () =>
    desk.mails.filter(({ text }) => /^subject: Schedules missing/im.test(text)).map(({ text }) => text)

  test('is told once before each gate of which FUs nothing is there, and of no FU that has submitted', async () => {
    const params = { fuId: speaking, day: '2026-01-15', kind: 'baseline' }
    const body = baselineOf('2026-01-15')
    expect((await rig.fsp.client.ask(operations.submitSchedule, { params, body })).status).toBe(200)
    await advanceTo('2026-01-14T16:59:00Z')
    expect(missing()).toEqual([])
    await advanceTo('2026-01-14T17:01:00Z')
    const [own, other] = missing().toSorted((a, b) => Number(a.includes('second')) - Number(b.includes('second')))
    expect(own).toContain('Silent: baseline, cost for 2026-01-15, product A')
    expect(own).not.toContain('Speaking')
    expect(own).toContain('before the gate at 2026-01-14 18:00')
    expect(other).toContain('Of the second: baseline, cost for 2026-01-15, product A')
    // A target that is added between two passes is told of the next gate.
    const form = { name: 'hook', kind: 'webhook', address: hook.url, active: true, key: 'a key of this webhook' }
    expect((await rig.fsp.client.ask(operations.addNoticeTarget, { body: form })).status).toBe(200)
    await advanceTo('2026-01-14T20:00:00Z')
    expect(missing()).toHaveLength(2)
    expect(hook.posts).toEqual([])
    await advanceTo('2026-01-15T11:01:00Z')
    expect(hook.posts.map((post) => JSON.parse(post.body))).toEqual([
      {
        noticeId: hook.posts[0]?.key,
        event: 'schedule-missing',
        closesAt: '2026-01-15T12:00:00Z',
        schedules: [silent, speaking].map((fuId) =>
          expect.objectContaining({ fuId, product: 'A', kinds: ['deviation', 'availability'], day: '2026-01-15' }),
        ),
      },
    ])
    expect(missing()).toHaveLength(3)
  })

  test('is told as long before as the setting says, and not of a day on which no contract has a window', async () => {
    const admin = await rig.server.person('ada', 'administrator')
    await agreed(
      await secondPerson(rig.server),
      admin.ask(operations.changeSetting, {
        params: { settingId: 'market.gate-notices' },
        body: { minutesBeforeGate: 15 },
        version: 0,
      }),
    )
    hook.posts.length = 0
    await advanceTo('2026-01-15T17:44:00Z')
    expect(hook.posts).toEqual([])
    await advanceTo('2026-01-15T17:46:00Z')
    expect(hook.posts).toHaveLength(1)
    // On Friday the 16th at noon the gate of Friday itself closes; at 18:00 that of Saturday does, which has no window.
    await advanceTo('2026-01-16T18:00:00Z')
    expect(hook.posts.map((post) => JSON.parse(post.body).closesAt)).toEqual([
      '2026-01-15T18:00:00Z',
      '2026-01-16T12:00:00Z',
    ])
  })
})
