import { asc } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { setpoint } from '../chargepoints/tables.ts'
import { startYard, van } from './support/yard.ts'

/** The commissioning of the trial on the eVolt twin (report 9.1, tests 5 and 6), which is never sent 0 A: with a simulated unit over OCPP. */
const sequence = [32, 16, 8, 18, 10, 32]

test.each([
  ['FAT05', 1],
  ['FAT06', 2],
] as const)(
  '%s 32→16→8→18→10→32 A on socket %i of an eVolt twin: each is confirmed, and the vehicle follows',
  async (_id, connector) => {
    const yard = await startYard()
    yard.controls.plugIn('yard-04', connector, van(1))
    await yard.pass(1)
    const drawn: number[] = []
    const seen: (number | null)[] = []
    for (const ampere of sequence) {
      await yard.offer(ampere)
      await yard.pass(1)
      drawn.push(await yard.drawnA())
      seen.push((await yard.socket('yard-04', connector)).setpointA)
    }
    expect(drawn).toEqual(sequence)
    expect(seen).toEqual(sequence)
    // Nothing left: it gets its minimum, for it would not take 0 A.
    await yard.offer(0)
    await yard.pass(1)
    expect(await yard.drawnA()).toBe(6)
    const sent = await yard.db.select().from(setpoint).orderBy(asc(setpoint.setpointId))
    const own = sent.filter((row) => row.identity === 'yard-04' && row.connector > 0)
    expect(new Set(own.map((row) => row.connector))).toEqual(new Set([connector]))
    expect(own.every(({ result }) => result === 'accepted')).toBe(true)
    expect(own.map(({ limitA }) => limitA)).not.toContain(0)
  },
)
