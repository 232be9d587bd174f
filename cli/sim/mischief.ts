import { aheadMsOf, type Fault, type FaultKind, type Place } from './faults.ts'
import { MessageFaults, type SeenCall } from './messages.ts'
import type { Wires, World } from './world.ts'

type ProcessFault = Extract<FaultKind, 'killed' | 'restarted' | 'database-cut' | 'clock-step'>
const processFaults: readonly FaultKind[] = ['killed', 'restarted', 'database-cut', 'clock-step']

/** What goes wrong in a world, step by step. */
export class Mischief {
  readonly counts: Partial<Record<FaultKind, number>> = {}
  readonly #world: World
  readonly #faults: readonly Fault[]
  readonly #messages: Readonly<Record<Place, MessageFaults>>
  /** Processes that are down, and when each is started again, epoch ms. */
  readonly #down = new Map<Place, number>()
  /** Processes that have been killed in this step, and are to be put away at its end. */
  readonly #dead = new Set<Place>()
  /** Those that a kill lies in wait for. */
  readonly #doomed = new Map<Place, Fault>()
  #clockRightAtMs: number | null = null

  constructor(world: World, wires: Wires, faults: readonly Fault[]) {
    this.#world = world
    this.#faults = faults
    const nowMs = () => world.clock.now().toEpochMilli()
    const onHit = (kind: FaultKind) => this.#count(kind)
    const [one, other] = wires.fsps
    if (!one || !other) throw new Error('there are two FSPs')
    this.#messages = {
      dno: new MessageFaults(wires.dno, nowMs, onHit),
      'fsp-1': new MessageFaults(one, nowMs, onHit),
      'fsp-2': new MessageFaults(other, nowMs, onHit),
    }
  }

  /** The calls of programs that have gone to somebody. */
  seen(place: Place): readonly SeenCall[] {
    return this.#messages[place].seen
  }

  /** The beginning of a step that ends at an instant: who is due is up again, what is late arrives, and faults lie in wait. */
  async begin(step: number, endMs: number): Promise<void> {
    if (this.#clockRightAtMs !== null && this.#clockRightAtMs < endMs) this.#rightClock()
    for (const [place, backMs] of this.#down) if (backMs < endMs) await this.#start(place)
    for (const messages of Object.values(this.#messages)) await messages.deliverLate()
    for (const fault of this.#faults) {
      if (fault.step !== step) continue
      if (processFaults.includes(fault.kind)) await this.#befall(fault, endMs)
      else this.#messages[fault.place].add(fault)
    }
  }

  /** The end of a step: who was to be killed in it is dead, and put away. */
  end(): void {
    for (const place of this.#doomed.keys()) this.#kill(place)
    for (const place of this.#dead) this.#world.bury(place)
    this.#dead.clear()
  }

  /** Nothing goes wrong any more, and everybody is up. */
  async over(): Promise<void> {
    this.end()
    this.#rightClock()
    for (const messages of Object.values(this.#messages)) messages.clear()
    for (const place of [...this.#down.keys()]) await this.#start(place)
  }

  async #befall(fault: Fault, endMs: number): Promise<void> {
    const { place } = fault
    if (this.#down.has(place) || this.#doomed.has(place)) return
    const backMs = endMs + fault.minutes * 60_000
    const acts: Record<ProcessFault, () => Promise<void> | void> = {
      killed: () => {
        this.#count('killed')
        this.#doomed.set(place, fault)
        this.#down.set(place, backMs)
        this.#world.database(place).cutAt(cutPointOf(fault), () => this.#kill(place))
      },
      restarted: async () => {
        this.#count('restarted')
        await this.#world.stop(place)
        this.#down.set(place, backMs)
      },
      'database-cut': () => this.#world.database(place).cutAt(cutPointOf(fault), () => this.#count('database-cut')),
      'clock-step': () => {
        this.#count('clock-step')
        this.#world.serverClock.step(aheadMsOf(fault))
        this.#clockRightAtMs = backMs
      },
    }
    await acts[fault.kind as ProcessFault]()
  }

  #kill(place: Place): void {
    if (!this.#doomed.delete(place)) return
    this.#dead.add(place)
    this.#world.kill(place)
  }

  async #start(place: Place): Promise<void> {
    this.#down.delete(place)
    await this.#world.start(place)
  }

  #rightClock(): void {
    this.#clockRightAtMs = null
    if (this.#world.isServerUp) this.#world.serverClock.step(0)
  }

  #count(kind: FaultKind): void {
    this.counts[kind] = (this.counts[kind] ?? 0) + 1
  }
}

function cutPointOf({ messages, isAfter }: Fault) {
  return { messages, when: isAfter ? ('after' as const) : ('before' as const) }
}
