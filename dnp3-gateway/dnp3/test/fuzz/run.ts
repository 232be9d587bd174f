/** Feeds broken frames to everything that reads octets, and checks what must always hold. */
import { memoryKept } from '../../../../test/support/memory.ts'
import { describeFragment } from '../../app/describe.ts'
import type { Timers } from '../../app/runtime.ts'
import { Association } from '../../master/association.ts'
import { Outstation } from '../../outstation/outstation.ts'
import { newPeer, newStationCounters, Station } from '../../transport/station.ts'
import { frames, mutate, seeded, seedFragments } from './mutator.ts'

export interface FuzzReport {
  readonly frames: number
  readonly fragments: number
  readonly refused: number
  /** Growth of what is kept in memory over the second half of the run, in octets. */
  readonly grownOctets: number
  readonly longestMs: number
}

const MAX_FRAGMENT = 4096

/**
 * `count` frames, half to a master and half to an outstation, each in the middle of a real conversation. Throws with the
 * seed and the frame if anything throws, takes too long, or exceeds its limit.
 */
export function fuzz(count: number, seed: number, extra: readonly Uint8Array[] = []): FuzzReport {
  const random = seeded(seed)
  const seeds = [...seedFragments(), ...extra]
  const ends = { master: masterEnd(), outstation: outstationEnd() }
  const report = { frames: 0, fragments: 0, refused: 0, grownOctets: 0, longestMs: 0 }
  let halfway = 0
  for (let i = 0; i < count; i++) {
    const fragment = mutate(seeds[Math.floor(random() * seeds.length)] as Uint8Array, random)
    const toMaster = i % 2 === 0
    const octets = frames(fragment, random, !toMaster)
    const end = toMaster ? ends.master : ends.outstation
    try {
      if (i % 64 === 0) {
        const started = performance.now()
        end.station.receive(octets)
        report.longestMs = Math.max(report.longestMs, performance.now() - started)
      } else end.station.receive(octets)
      if (i % 16 === 0 && describeFragment(fragment).error !== null) report.refused++
      end.check()
    } catch (cause) {
      const hex = Buffer.from(octets).toString('hex')
      throw new Error(`seed ${seed}, frame ${i} to the ${toMaster ? 'master' : 'outstation'}: ${hex}`, { cause })
    }
    if (i === Math.floor(count / 2)) halfway = memoryKept()
  }
  report.frames = ends.master.station.counters.link.frames + ends.outstation.station.counters.link.frames
  report.fragments =
    ends.master.station.counters.transport.fragments + ends.outstation.station.counters.transport.fragments
  report.grownOctets = memoryKept() - halfway
  return report
}

interface End {
  readonly station: Station
  check(): void
}

/** Timers that only count: time stands still, so that nothing times out by itself. */
function countedTimers(): Timers & { size: number } {
  const set = new Set<object>()
  return {
    get size() {
      return set.size
    },
    set: () => {
      const timer = {}
      set.add(timer)
      return timer
    },
    clear: (timer) => set.delete(timer as object),
  }
}

function must(condition: boolean, what: string): void {
  if (!condition) throw new Error(what)
}

function masterEnd(): End {
  const timers = countedTimers()
  let association: Association
  let tick = 0
  const station = new Station({ isMaster: true, send: () => {}, route: () => peer, counters: newStationCounters() })
  const peer = newPeer(1, 10, MAX_FRAGMENT, station.counters.transport)
  const runtime = { now: () => 0, timers, random: () => 0 }
  association = new Association(
    {
      remoteAddress: 10,
      timeSync: 'never',
      startUp: { integrityPoll: false, clearRestart: false },
      onMeasurements: () => {},
    },
    runtime,
    () => true,
  )
  peer.receiver = association.receiver
  association.onUp()
  return {
    station,
    check: () => {
      // Keep a request in progress for responses to meet.
      if (tick++ % 32 === 0 && association.counters.requests <= association.counters.responses + 3) {
        void association.integrityPoll()
      }
      must(timers.size < 8, `${timers.size} timers`)
      must(peer.reassembler.pending <= MAX_FRAGMENT, 'a fragment exceeds its limit')
    },
  }
}

function outstationEnd(): End {
  const timers = countedTimers()
  const outstation = new Outstation(
    {
      address: 10,
      points: [
        ...Array.from({ length: 30 }, (_, index) => ({
          type: 'analog' as const,
          index,
          eventClass: 2 as const,
          flags: 1,
        })),
        ...Array.from({ length: 9 }, (_, index) => ({
          type: 'binary' as const,
          index,
          eventClass: 1 as const,
          flags: 1,
        })),
        { type: 'counter', index: 0, flags: 1 },
        { type: 'frozenCounter', index: 0, eventClass: 3 },
        { type: 'octetString', index: 0, eventClass: 3 },
        { type: 'binaryOutput', index: 0, flags: 1 },
      ],
      maxEventsPerClass: 50,
      onCommand: () => 0,
      commandEventClass: 3,
      attributes: { 252: 'x' },
      unsolicited: {},
    },
    { now: () => 0, timers, random: () => 0 },
  )
  const station = new Station({ isMaster: false, send: () => {}, route: () => peer, broadcastPeers: () => [peer] })
  const peer = newPeer(10, 1, 2048, station.counters.transport)
  const session = outstation.openSession((fragment) => station.sendFragment(peer, fragment))
  peer.receiver = session
  session.open()
  let tick = 0
  return {
    station,
    check: () => {
      if (tick++ % 16 === 0) outstation.update('analog', tick % 30, tick)
      must(timers.size < 8, `${timers.size} timers`)
      must(outstation.eventsHeld <= 150, 'the event buffers exceed their limit')
      must(peer.reassembler.pending <= 2048, 'a fragment exceeds its limit')
    },
  }
}
