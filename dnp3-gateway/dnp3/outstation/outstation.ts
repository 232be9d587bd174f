/** An outstation: a device that answers masters over any kind of wire. */
import type { Runtime } from '../app/runtime.ts'
import { DEFAULT_FRAGMENT_OCTETS } from '../app/writer.ts'
import type { PointType } from '../spec/groups.ts'
import { Iin } from '../spec/iin.ts'
import { RESERVED_ADDRESS } from '../spec/link.ts'
import { newStationCounters, type StationCounters } from '../transport/station.ts'
import type { OutstationOptions } from './config.ts'
import { newOutstationCounters, type OutstationCounters } from './counters.ts'
import type { PointState, UpdateOptions } from './database.ts'
import { Device } from './device.ts'
import type { EventCounters } from './events.ts'
import { Session } from './session.ts'

/** Room for the largest object, a string of 255 octets, with its header. */
const MIN_FRAGMENT_OCTETS = 292

export class Outstation {
  readonly address: number
  readonly options: OutstationOptions
  readonly counters: OutstationCounters = newOutstationCounters()
  /** Counts below the application, over all connections. */
  readonly linkCounters: StationCounters = newStationCounters()
  private readonly device: Device
  private readonly runtime: Runtime
  private session: Session | null = null

  constructor(options: OutstationOptions, runtime: Runtime) {
    if (!(options.address >= 0 && options.address < RESERVED_ADDRESS)) throw new RangeError('address must be 0–65519')
    if ((options.maxFragmentOctets ?? MIN_FRAGMENT_OCTETS) < MIN_FRAGMENT_OCTETS) {
      throw new RangeError(`fragments need at least ${MIN_FRAGMENT_OCTETS} octets`)
    }
    this.address = options.address
    this.options = options
    this.runtime = options.now === undefined ? runtime : { ...runtime, now: options.now }
    this.device = new Device(options, this.runtime.now)
    this.device.events.onAdded = () => this.session?.poke()
    if (options.onConfirmed) this.device.events.onConfirmed = options.onConfirmed
  }

  /** Events made, lost to overflow, and confirmed. */
  get eventCounters(): Readonly<EventCounters> {
    return this.device.events.counters
  }

  /** Events not yet confirmed. */
  get eventsHeld(): number {
    return this.device.events.size()
  }

  /** Device time in ms since 1970 UTC, as a master last set it. */
  time(): number {
    return this.device.time()
  }

  /** Sets a point; a change beyond its dead band makes an event. Returns false if there is no such point. */
  update(type: Exclude<PointType, 'octetString'>, index: number, value: number, options?: UpdateOptions): boolean {
    return this.device.database.update(type, index, value, this.device.time(), options)
  }

  /** Sets an octet string of 0–255 octets. Returns false if there is no such point. */
  updateOctets(index: number, octets: Uint8Array, options?: UpdateOptions): boolean {
    return this.device.database.updateOctets(index, octets, this.device.time(), options)
  }

  /** The present state of a point, or undefined. */
  read(type: PointType, index: number): PointState | undefined {
    return this.device.database.read(type, index)
  }

  /** Asks masters for the time (IIN1.4) until one writes it. */
  requestTime(): void {
    this.device.indications |= Iin.needTime
  }

  /** Behaves as after a power cycle: restart indication set, events gone, unsolicited off, clock kept. */
  restart(): void {
    this.device.restart()
    this.session?.restarted()
  }

  /** Sets or clears the local-control (IIN1.5) or trouble (IIN1.6) indication. */
  indicate(name: 'localControl' | 'deviceTrouble' | 'configurationCorrupt', on: boolean): void {
    if (on) this.device.indications |= Iin[name]
    else this.device.indications &= ~Iin[name]
  }

  /** Starts a conversation over a new connection and ends an earlier one. Used by `io/`, which then calls its `open`. */
  openSession(send: (fragment: Uint8Array) => void): Session {
    this.session?.close()
    this.session = new Session({
      options: this.options,
      restart: () => this.restart(),
      device: this.device,
      runtime: this.runtime,
      counters: this.counters,
      send,
      maxFragmentOctets: this.options.maxFragmentOctets ?? DEFAULT_FRAGMENT_OCTETS,
      confirmTimeoutMs: this.options.confirmTimeoutMs ?? 5_000,
    })
    return this.session
  }
}
