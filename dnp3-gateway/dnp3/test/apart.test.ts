/** Many devices on one master: none waits for another, and they are not all polled at once. */
import { describe, expect, test } from 'vitest'
import { connectTcpMaster, createOutstation, listenTcpOutstation } from '../index.ts'
import { PollSet } from '../master/polls.ts'
import { expectValue, recorder } from './support/rig.ts'

const points = [{ type: 'analog', index: 0, eventClass: 2, value: 1, flags: 1 }] as const
const quiet = { startUp: { integrityPoll: false }, timeSync: 'never' } as const

describe('one device does not delay another', () => {
  test('on the same connection, if it does not answer or its handler is slow', async () => {
    const outstations = [10, 11].map((address) => createOutstation({ address, points, needsTime: false }))
    const listener = await listenTcpOutstation(outstations, { port: 0 })
    const channel = connectTcpMaster({ host: listener.host, port: listener.port, tap: recorder.tap(true) })
    let finish = () => {}
    const handled = new Promise<void>((resolve) => {
      finish = resolve
    })
    const prompt = channel.associate({ ...quiet, remoteAddress: 10, onMeasurements: () => {} })
    const slow = channel.associate({ ...quiet, remoteAddress: 11, onMeasurements: () => handled })
    const silent = channel.associate({ ...quiet, remoteAddress: 12, onMeasurements: () => {} })
    expectValue(await prompt.ready())
    let settled = 0
    const waiting = [slow, silent].map((association) => association.integrityPoll().then(() => settled++))
    for (let i = 0; i < 50; i++) expectValue(await prompt.integrityPoll())
    expect(settled).toBe(0)
    finish()
    await channel.close()
    await Promise.all(waiting)
    await listener.close()
  })
})

describe('polls', () => {
  test('start at a random point of their interval, so that they spread in time, and keep their pace', async () => {
    let clock = 0
    let seed = 1
    const running: { at: number; callback: () => void }[] = []
    const timers = {
      set: (ms: number, callback: () => void) => running.push({ at: clock + ms, callback }),
      clear: () => {},
    }
    // A small linear congruential generator: the same numbers in every run.
    const random = () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
      return seed / 2 ** 31
    }
    const starts: number[][] = Array.from({ length: 600 }, () => [])
    const summary = { points: 0, events: 0, fragments: 1, iin: 0 }
    for (const own of starts) {
      const polls = new PollSet(
        { now: () => clock, timers, random },
        async () => {
          own.push(clock)
          return { ok: true, value: summary }
        },
        () => true,
      )
      polls.add({ everyMs: 60_000, integrity: true })
    }
    while (clock < 120_000) {
      running.sort((a, b) => a.at - b.at)
      const next = running.shift()
      clock = next?.at ?? Number.POSITIVE_INFINITY
      next?.callback()
      await Promise.resolve()
      await Promise.resolve()
    }
    const perSecond = new Array<number>(60).fill(0)
    for (const [first = 0, second = 0] of starts) {
      expect(second - first).toBeCloseTo(60_000)
      perSecond[Math.floor(first / 1_000)] = (perSecond[Math.floor(first / 1_000)] ?? 0) + 1
    }
    // Ten a second on average; all at once would be six hundred.
    expect(Math.max(...perSecond)).toBeLessThan(30)
    expect(Math.min(...perSecond)).toBeGreaterThan(0)
  })
})

describe('a fragment', () => {
  test('of many frames is sent in one write', async () => {
    const many = Array.from({ length: 900 }, (_, index) => ({ ...points[0], index }))
    const outstation = createOutstation({ address: 10, points: many, needsTime: false })
    const writes: number[] = []
    const tap = recorder.tap(false)
    const listener = await listenTcpOutstation(outstation, {
      port: 0,
      tap: {
        ...tap,
        sent: (octets) => {
          writes.push(octets.length)
          tap.sent(octets)
        },
      },
    })
    const channel = connectTcpMaster({ host: listener.host, port: listener.port })
    const association = channel.associate({ ...quiet, remoteAddress: 10, onMeasurements: () => {} })
    expectValue(await association.ready())
    writes.length = 0
    const { fragments } = expectValue(await association.integrityPoll())
    expect(fragments).toBeGreaterThan(1)
    expect(writes).toHaveLength(fragments)
    for (const octets of writes.slice(0, -1)) expect(octets).toBeGreaterThan(1_500)
    await channel.close()
    await listener.close()
  })
})
