import { Instant } from '@js-joda/core'
import { messageOf } from '../../platform/errors/index.ts'
import type { Fault, FaultKind } from './faults.ts'
import { type Breach, breachesOf } from './invariants.ts'
import { MeterReaders } from './meter-readers.ts'
import { Mischief } from './mischief.ts'
import { Observer } from './observer.ts'
import { People } from './people.ts'
import { type SeedPlan, stepsOf } from './plan.ts'
import { Planners } from './planners.ts'
import type { Sandbox } from './sandbox.ts'
import type { World } from './world.ts'

/** A broken invariant, and when it was seen. */
export interface SeenBreach extends Omit<Breach, 'invariant'> {
  readonly invariant: Breach['invariant'] | 'goes-on'
  readonly atMs: number
}

/** How a day went. */
export interface PlayedDay {
  /** The first step with a breach has all of them; the day ends there. */
  readonly breaches: readonly SeenBreach[]
  /** How often each kind of fault had its effect. */
  readonly faults: Readonly<Partial<Record<FaultKind, number>>>
}

/** The longest that a minute, or the end of a day, may take, ms of real time. */
const patienceMs = 120_000

/** Plays a day in a world of its own, with these faults, and checks every invariant after each step. */
export function playDay(
  sandbox: Sandbox,
  { day, seed, servers }: SeedPlan,
  faults: readonly Fault[],
): Promise<PlayedDay> {
  return sandbox.withWorld(day, servers, async (world, databases) => {
    const mischief = new Mischief(world, sandbox.wires, faults)
    const people = new People(sandbox.wires.dno.url, seed, day)
    const meterReaders = new MeterReaders(databases.fsps, seed, day)
    const planners = new Planners(sandbox.wires.dno.url, seed)
    const observer = await Observer.open(databases, { world, mischief, people, planners })
    const outcome = (breaches: SeenBreach[]): PlayedDay => ({ breaches, faults: mischief.counts })
    const check = async (): Promise<SeenBreach[]> =>
      breachesOf(await observer.observe()).map((breach) => ({ ...breach, atMs: world.clock.now().toEpochMilli() }))
    try {
      for (const [step, endMs] of stepsOf(day).entries()) {
        const breaches = await inTime(`step ${step}`, async () => {
          await mischief.begin(step, endMs)
          if (world.serversUp.length > 0) await people.act(step, observer.contracts)
          await meterReaders.act(step)
          if (world.serversUp.length > 0) await planners.act(step, world.clock.now())
          await passMinute(world, endMs)
          mischief.end()
          return check()
        })
        if (breaches.length > 0) return outcome(breaches)
      }
      await inTime('the end of the day', async () => {
        await mischief.over()
        await observer.end()
      })
      return outcome(await check())
    } catch (error) {
      // Somebody who cannot do their work at all, such as log in, is told of like a minute that does not end.
      return outcome([{ invariant: 'goes-on', detail: messageOf(error), atMs: world.clock.now().toEpochMilli() }])
    } finally {
      await mischief.over().catch(() => undefined)
      await observer.close()
      await meterReaders.close()
    }
  })
}

/** Lets a minute pass that ends at an instant; the time before it is jumped over. */
async function passMinute(world: World, endMs: number): Promise<void> {
  const end = Instant.ofEpochMilli(endMs)
  const begin = end.minusSeconds(60)
  if (world.clock.now().isBefore(begin)) world.clock.jumpTo(begin)
  await world.clock.advanceTo(end)
}

async function inTime<T>(what: string, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not end in ${patienceMs / 1_000} s`)), patienceMs)
  })
  try {
    return await Promise.race([work(), late])
  } finally {
    clearTimeout(timer)
  }
}
