import { randomUUID } from 'node:crypto'
import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import { createTestDatabase } from '../../../test/support/database.ts'
import { issuedTo } from './issued.ts'

const { db } = await createTestDatabase('server')
const at = (time: string) => Instant.parse(`2026-01-15T${time}:00Z`)

/** An instruction from 17:00 to 18:00, or its successor from 17:30 on, as the database has it. */
async function save(fuId: string, given: { from: string; state: string; supersedes?: string; isAccepted: boolean }) {
  const instructionId = randomUUID()
  const [from, to] = [at(given.from).toString(), at('18:00').toString()]
  const turnDownW = given.supersedes ? 0 : 40_000
  await db.$client`
    insert into instruction (instruction_id, fu_id, fsp_id, product, from_at, to_at, turn_down_w, intervals, state, supersedes,
      revision, schedule_kind, schedule_version, planned_at, acknowledged_at, expires_at)
    values (${instructionId}, ${fuId}, ${randomUUID()}, 'A', ${from}, ${to}, ${turnDownW},
      ${JSON.stringify([{ from, to, turnDownW }])}, ${given.state}, ${given.supersedes ?? null}, 1, 'manual', 1, ${from},
      ${given.isAccepted ? from : null}, ${to})`
  return instructionId
}

const quarters = async (fuId: string) => {
  const issued = await issuedTo(db, [fuId], at('00:00'), at('23:45'))
  return [...(issued.get(fuId) ?? [])].map(([ms]) => new Date(ms).toISOString().slice(11, 16))
}
const hour = ['17:00', '17:15', '17:30', '17:45']

test('a replaced instruction stood until its successor began', async () => {
  const fuId = randomUUID()
  const supersedes = await save(fuId, { from: '17:00', state: 'superseded', isAccepted: true })
  await save(fuId, { from: '17:30', state: 'acknowledged', supersedes, isAccepted: true })
  expect(await quarters(fuId)).toEqual(hour.slice(0, 2))
})

test('what was accepted stands in full where its successor never arrived; what was not, counts for nothing', async () => {
  for (const [isAccepted, expected] of [
    [true, hour],
    [false, []],
  ] as const) {
    const fuId = randomUUID()
    const supersedes = await save(fuId, { from: '17:00', state: 'superseded', isAccepted })
    await save(fuId, { from: '17:30', state: 'expired', supersedes, isAccepted: false })
    expect(await quarters(fuId)).toEqual(expected)
  }
})
