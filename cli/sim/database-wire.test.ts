import { sql } from 'drizzle-orm'
import { expect, inject, onTestFinished, test } from 'vitest'
import { openDatabase } from '../../platform/db/index.ts'
import { DatabaseWire } from './database-wire.ts'

/** A pool that reaches PostgreSQL over a wire. */
async function poolOver() {
  const url = inject('adminUrl')
  const wire = await DatabaseWire.open(url)
  const { db, close } = await openDatabase(wire.urlOf(url), { poolSize: 4 })
  onTestFinished(async () => {
    await close()
    await wire.close()
  })
  return {
    wire,
    ask: () => db.execute(sql`select 1 as one`),
    askTwice: () => db.transaction(async (tx) => [await tx.execute(sql`select 1`), await tx.execute(sql`select 2`)]),
  }
}

const isAnswered = (asked: Promise<unknown>) =>
  asked.then(
    () => true,
    () => false,
  )

test('connections are cut at the message that is named, and the pool answers over new ones', async () => {
  const { wire, ask } = await poolOver()
  let reached = 0
  wire.cutAt({ messages: 3, when: 'before' }, () => reached++)
  const answers: boolean[] = []
  for (let i = 0; i < 6; i++) answers.push(await isAnswered(ask()))
  expect(reached).toBe(1)
  expect(answers).toContain(false)
  expect(answers.at(-1)).toBe(true)
})

test('FM35 a pool that is used without a pause while all its connections break answers again at once', async () => {
  const { wire, ask, askTwice } = await poolOver()
  for (let round = 0; round < 20; round++) {
    wire.cutAt({ messages: 1 + (round % 7), when: round % 2 === 0 ? 'before' : 'after' }, () => undefined)
    const worker = async () => {
      for (let i = 0; i < 12; i++) await isAnswered(i % 2 === 0 ? ask() : askTwice())
    }
    const begun = performance.now()
    await Promise.all(Array.from({ length: 8 }, worker))
    expect(await isAnswered(ask())).toBe(true)
    // A connection that waits for what is never sent takes ten seconds to be given up.
    expect(performance.now() - begun).toBeLessThan(8_000)
  }
})

test('nothing is let through once the way is shut', async () => {
  const { wire, ask } = await poolOver()
  wire.shut()
  expect(await isAnswered(ask())).toBe(false)
})
