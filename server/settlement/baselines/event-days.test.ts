import { randomUUID } from 'node:crypto'
import { LocalDate } from '@js-joda/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { operations } from '../../../schemas/operations.ts'
import { type SettlementRig, startSettlementRig } from '../test/support/rig.ts'
import { readHistories } from './read-histories.ts'

let rig: SettlementRig
let fuId: string
let connectionId: string

const [first, last] = [LocalDate.parse('2026-01-05'), LocalDate.parse('2026-01-31')]

beforeAll(async () => {
  rig = await startSettlementRig()
  const unit = await rig.contractedUnit('Islington')
  fuId = unit.fuId
  connectionId = unit.connectionId
  await rig.passTo('2026-02-02T09:00:00Z')
})

/** Days of January on which the FU has an event. */
async function eventDays(): Promise<number[]> {
  const history = (await readHistories(rig.db, [fuId], first, last, { reader: null })).get(fuId)
  const days: number[] = []
  for (let day = first; !day.isAfter(last); day = day.plusDays(1))
    if (history?.facts.isEventDay(day)) days.push(day.dayOfMonth())
  return days
}

/** An instruction of 40 kW that the FSP has not accepted, with the outcome of its last sending. */
async function unanswered(day: string, state: string, outcome: string | null) {
  const [instructionId, from, to] = [randomUUID(), `${day}T17:00:00Z`, `${day}T17:30:00Z`]
  const intervals = JSON.stringify([{ from, to, turnDownW: 40_000 }])
  await rig.db.$client`
    insert into instruction (instruction_id, fu_id, fsp_id, product, from_at, to_at, turn_down_w, intervals, state,
      schedule_kind, schedule_version, planned_at, issued_at, expires_at)
    values (${instructionId}, ${fuId}, ${rig.fsp.fspId}, 'A', ${from}, ${to}, 40000, ${intervals}, ${state}, 'manual', 1,
      ${from}, ${from}, ${from})`
  if (outcome)
    await rig.db.$client`
      insert into instruction_attempt (instruction_id, attempt, at, action, outcome, no_answer)
      values (${instructionId}, 1, ${from}, 'send', ${outcome}, ${outcome.startsWith('unknown') ? 'fsp-failed' : null})`
}

async function limit(cause: string, state: string, from: string, to: string, accepted = true) {
  await rig.db.$client`
    insert into connection_limit (limit_id, connection_id, fsp_id, state, acknowledged_at, cause, policy_revision, intervals,
      fail_safe_w, issued_at, valid_until)
    values (${randomUUID()}, ${connectionId}, ${rig.fsp.fspId}, ${state}, ${accepted ? from : null}, ${cause}, 1, '[]',
      ${cause === 'release' ? null : 50_000}, ${from}, ${to})`
}

describe('event days of an FU', () => {
  test('are those of instructions accepted or of unknown outcome, and not of those that were refused or never arrived', async () => {
    await rig.instructed(fuId, '2026-01-06T17:00:00Z', 40_000)
    await rig.instructed(fuId, '2026-01-07T17:00:00Z', 0)
    await unanswered('2026-01-08', 'unknown', 'unknown: no answer')
    await unanswered('2026-01-09', 'expired', 'unknown: no answer')
    await unanswered('2026-01-12', 'expired', 'never-seen')
    await unanswered('2026-01-13', 'refused', 'refused: outside-window')
    await unanswered('2026-01-14', 'planned', null)
    expect(await eventDays()).toEqual([6, 8, 9])
  })

  test('are those on which a fail-safe limit is in force: of a breach until it is released, of a lost link from the end of the last limit', async () => {
    await limit('standing', 'superseded', '2026-01-15T10:00:00Z', '2026-01-15T11:00:00Z')
    await limit('standing', 'superseded', '2026-01-15T10:30:00Z', '2026-01-15T11:30:00Z')
    expect((await eventDays()).includes(15)).toBe(true)
    // Renewed in time on the 15th, after which nothing was renewed until the 16th.
    await limit('standing', 'superseded', '2026-01-15T11:00:00Z', '2026-01-16T08:00:00Z')
    await limit('standing', 'superseded', '2026-01-16T09:00:00Z', '2026-01-19T10:00:00Z')
    await limit('breach', 'superseded', '2026-01-19T09:00:00Z', '2026-01-19T10:00:00Z')
    await limit('breach', 'refused', '2026-01-19T23:00:00Z', '2026-01-20T10:00:00Z', false)
    await limit('release', 'acknowledged', '2026-01-20T00:00:00Z', '2026-01-20T01:00:00Z')
    await limit('breach', 'refused', '2026-01-22T09:00:00Z', '2026-01-22T10:00:00Z', false)
    expect(await eventDays()).toEqual([6, 8, 9, 16, 19])
  })

  test('are those on which it served others, unless that was ended before it began', async () => {
    const register = (day: string) =>
      rig.engineer.ask(operations.registerServiceToOthers, {
        body: {
          fuId,
          buyer: 'NESO',
          service: 'Reserve',
          reference: 'Instruction 7',
          times: [{ from: `${day}T05:00:00Z`, to: `${day}T06:00:00Z` }],
        },
      })
    await register('2026-01-26')
    const { body } = await register('2026-01-27')
    await rig.engineer.ask(operations.endServiceToOthers, {
      params: { id: body.items[0].serviceId },
      body: { at: '2026-01-27T05:00:00Z', reason: 'Stood down' },
    })
    expect(await eventDays()).toEqual([6, 8, 9, 16, 19, 26])
  })
})
