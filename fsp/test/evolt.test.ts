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

test.each([
  // Over the air both sockets take set points: the 40 A that are offered are drawn. Otherwise the second keeps its standing 6 A.
  ['over-the-air', 40, [1, 2]],
  ['direct', 32 + 6, [1]],
] as const)(
  'I3 an eVolt twin that is reached %s draws %i A of 40 A offered to both its sockets',
  async (route, drawnA, commanded) => {
    const yard = await startYard({ chargePoints: [{ model: 'evolt-twin', count: 1, feeder: 1, route }] })
    yard.controls.plugIn('yard-01', 1, van(1))
    yard.controls.plugIn('yard-01', 2, van(2))
    await yard.pass(1)
    await yard.offer(40)
    await yard.pass(3)
    expect(await yard.drawnA()).toBe(drawnA)
    const sent = await yard.db.select().from(setpoint)
    expect([...new Set(sent.flatMap((row) => (row.connector > 0 ? [row.connector] : [])))].sort()).toEqual(commanded)
  },
)
