import {
  aheadMsOf,
  cutPointOf,
  type Fault,
  type FaultKind,
  type Hub,
  type HubFault,
  hubs,
  type Party,
  type Process,
  type ProcessFault,
  processFaults,
} from './faults.ts'
import { MessageFaults, type SeenCall } from './messages.ts'
import type { Wires } from './wires.ts'
import type { World } from './world.ts'

/** What goes wrong in a world, step by step. */
export class Mischief {
  readonly counts: Partial<Record<FaultKind, number>> = {}
  readonly #world: World
  readonly #faults: readonly Fault[]
  readonly #messages: Readonly<Record<Party, MessageFaults>>
  /** Processes that are down, and when each is started again, epoch ms. */
  readonly #down = new Map<Process, number>()
  /** Processes that have been killed in this step, and are to be put away at its end. */
  readonly #dead = new Set<Process>()
  /** Those that a kill lies in wait for. */
  readonly #doomed = new Map<Process, Fault>()
  /** Processes whose clock is wrong, and hubs that are mute, and until when, epoch ms. */
  readonly #wrongClocks = new Map<Process, number>()
  readonly #mute = new Map<Hub, number>()

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
      gateway: new MessageFaults(wires.gateway, nowMs, onHit),
    }
  }

  /** The calls of programs that have gone to somebody; those of the gateway. */
  seen(party: Party): readonly SeenCall[] {
    return this.#messages[party].seen
  }

  /** The beginning of a step that ends at an instant: who is due is up again, what is late arrives, and faults lie in wait. */
  async begin(step: number, endMs: number): Promise<void> {
    for (const [place, rightMs] of this.#wrongClocks) if (rightMs < endMs) this.#rightClock(place)
    for (const [hub, heardMs] of this.#mute) if (heardMs < endMs) this.#unmute(hub)
    for (const [place, backMs] of this.#down) if (backMs < endMs) await this.#start(place)
    for (const messages of Object.values(this.#messages)) await messages.deliverLate()
    for (const fault of this.#faults) if (fault.step === step) await this.#befall(fault, endMs + fault.minutes * 60_000)
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
    for (const place of [...this.#wrongClocks.keys()]) this.#rightClock(place)
    for (const hub of [...this.#mute.keys()]) this.#unmute(hub)
    for (const messages of Object.values(this.#messages)) messages.clear()
    for (const place of [...this.#down.keys()]) await this.#start(place)
  }

  async #befall(fault: Fault, overMs: number): Promise<void> {
    const { kind, place } = fault
    if (isHub(place)) await this.#befallHub(kind as HubFault, place, fault, overMs)
    else if (isOfProcess(kind)) await this.#befallProcess(kind, place, fault, overMs)
    else if (place !== 'dno-2') this.#messages[place].add(fault)
  }

  async #befallProcess(kind: ProcessFault, place: Process, fault: Fault, overMs: number): Promise<void> {
    if (kind !== 'keys-rotated' && (this.#down.has(place) || this.#doomed.has(place))) return
    const acts: Record<ProcessFault, () => Promise<void> | void> = {
      killed: () => {
        this.#count('killed')
        this.#doomed.set(place, fault)
        this.#down.set(place, overMs)
        this.#world.wayOf(place).cutAt(cutPointOf(fault), () => this.#kill(place))
      },
      restarted: async () => {
        this.#count('restarted')
        await this.#world.stop(place)
        this.#down.set(place, overMs)
      },
      'database-cut': () => this.#world.wayOf(place).cutAt(cutPointOf(fault), () => this.#count('database-cut')),
      'clock-step': () => {
        this.#count('clock-step')
        this.#world.clockOf(place).step(aheadMsOf(fault))
        this.#wrongClocks.set(place, overMs)
      },
      'keys-rotated': async () => {
        if ((await this.#world.rotateKeys(place)) > 0) this.#count('keys-rotated')
      },
    }
    await acts[kind]()
  }

  async #befallHub(kind: HubFault, place: Hub, fault: Fault, overMs: number): Promise<void> {
    const { monitors } = this.#world
    const acts: Record<HubFault, () => Promise<void> | void> = {
      'hub-reboot': () => monitors.hub(place).reboot(),
      'hub-overflow': () => monitors.overflow(place),
      'hub-drift': () => monitors.hub(place).drift(aheadMsOf(fault)),
      'hub-mute': () => {
        monitors.hub(place).relay?.silence(true)
        this.#mute.set(place, overMs)
      },
    }
    this.#count(kind)
    await acts[kind]()
  }

  #kill(place: Process): void {
    if (!this.#doomed.delete(place)) return
    this.#dead.add(place)
    this.#world.kill(place)
  }

  async #start(place: Process): Promise<void> {
    this.#down.delete(place)
    await this.#world.start(place)
  }

  #rightClock(place: Process): void {
    this.#wrongClocks.delete(place)
    if (this.#world.isUp(place)) this.#world.clockOf(place).step(0)
  }

  /** What was swallowed meanwhile is gone: who waited for it has given up, and calls anew. */
  #unmute(hub: Hub): void {
    this.#mute.delete(hub)
    this.#world.monitors.hub(hub).relay?.silence(false)
  }

  #count(kind: FaultKind): void {
    this.counts[kind] = (this.counts[kind] ?? 0) + 1
  }
}

function isOfProcess(kind: FaultKind): kind is ProcessFault {
  return (processFaults as readonly FaultKind[]).includes(kind)
}

function isHub(place: string): place is Hub {
  return (hubs as readonly string[]).includes(place)
}
