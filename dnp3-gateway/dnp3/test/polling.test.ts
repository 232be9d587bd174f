import { describe, expect, test } from 'vitest'
import { Flag } from '../index.ts'
import { Iin } from '../spec/iin.ts'
import { expectValue, MIXED_POINTS, START_MS, startRig } from './support/rig.ts'

describe('a master that connects', () => {
  test('reads everything, clears the restart indication and sets the time', async () => {
    await using rig = await startRig()
    expectValue(await rig.association.ready())
    await rig.association.idle()
    const statics = MIXED_POINTS.length - 1 // the empty string is not reported
    expect(rig.received).toHaveLength(statics)
    expect(rig.notices).toContainEqual({ kind: 'restarted' })
    expect(rig.notices).toContainEqual({ kind: 'time-written', timeMs: START_MS })
    const summary = expectValue(await rig.association.integrityPoll())
    expect(summary).toMatchObject({ points: statics, events: 0, iin: 0 })
  })

  test('can set the time by the serial procedure', async () => {
    await using rig = await startRig({ association: { timeSync: 'serial' } })
    expectValue(await rig.association.ready())
    await rig.association.idle()
    expect(expectValue(await rig.association.integrityPoll()).iin & Iin.needTime).toBe(0)
  })

  test('corrects a device clock that is wrong', async () => {
    await using rig = await startRig({ outstation: { now: () => 5 } })
    expectValue(await rig.association.ready())
    expect(expectValue(await rig.association.timeSync()).timeMs).toBe(START_MS)
    expect(rig.outstation.time()).toBe(START_MS)
  })

  test('does none of this if told not to', async () => {
    await using rig = await startRig({
      association: { timeSync: 'never', startUp: { integrityPoll: false, clearRestart: false } },
    })
    expectValue(await rig.association.ready())
    const summary = expectValue(await rig.association.classPoll([1, 2, 3]))
    expect(summary.iin & (Iin.deviceRestart | Iin.needTime)).toBe(Iin.deviceRestart | Iin.needTime)
    expect(rig.association.counters.requests).toBe(1)
  })

  test('disables unsolicited responses if configured, and accepts a refusal', async () => {
    await using rig = await startRig({ association: { startUp: { disableUnsolicited: true } } })
    expectValue(await rig.association.ready())
    await rig.association.idle()
    expect(rig.received.length).toBe(MIXED_POINTS.length - 1)
  })
})

describe('values', () => {
  test('arrive with type, variation, flags and quality', async () => {
    await using rig = await startRig()
    rig.outstation.update('analog', 0, 251.25, { flags: Flag.online | Flag.overRange, event: 'suppress' })
    expectValue(await rig.association.ready())
    const find = (type: string, index: number) => rig.received.find((m) => m.type === type && m.index === index)
    expect(find('binary', 0)).toMatchObject({ group: 1, value: 1, kind: 'static', good: true, timeMs: null })
    expect(find('doubleBit', 3)).toMatchObject({ group: 3, value: 2, flags: Flag.online })
    expect(find('counter', 5)).toMatchObject({ value: 4_000_000_000 })
    expect(find('analog', 0)).toMatchObject({ value: 251.25, quality: ['online', 'overRange'], good: false })
    expect(find('analog', 1)).toMatchObject({ group: 30, variation: 1, value: -70_000 })
    expect(find('analog', 2)).toMatchObject({ variation: 6, value: Math.PI })
    expect(find('analog', 70_000)).toMatchObject({ variation: 3, value: 12, flags: Flag.online })
    expect(find('analogOutput', 0)).toMatchObject({ group: 40, value: 50 })
  })

  test('beyond the range of their variation are sent at its limit and flagged over-range', async () => {
    await using rig = await startRig({ points: [{ type: 'analog', index: 0, staticVariation: 2 }] })
    rig.outstation.update('analog', 0, 40_000)
    expectValue(await rig.association.ready())
    expect(rig.received).toMatchObject([{ value: 32_767, quality: ['online', 'overRange'] }])
  })

  test('can be read by range, all together and in another variation', async () => {
    await using rig = await startRig({ association: { startUp: { integrityPoll: false } } })
    expectValue(await rig.association.ready())
    const read = await rig.association.read([
      { group: 30, variation: 1, start: 0, stop: 1 },
      { group: 1, variation: 1 },
      { group: 50, variation: 1, count: 1 },
    ])
    expect(expectValue(read).points).toBe(4)
    expect(rig.received.map((m) => [m.group, m.variation, m.index])).toEqual([
      [30, 1, 0],
      [30, 1, 1],
      [1, 1, 0],
      [1, 1, 1],
    ])
  })

  test('outside the database are refused, and the others are returned', async () => {
    await using rig = await startRig({ association: { startUp: { integrityPoll: false } } })
    expectValue(await rig.association.ready())
    const outcome = await rig.association.read([{ group: 30, variation: 0, start: 0, stop: 9 }])
    expect(expectValue(outcome).iin & Iin.parameterError).not.toBe(0)
    expect(rig.received).toHaveLength(3)
    const unknown = await rig.association.read([{ group: 31, variation: 0 }])
    expect(unknown.ok ? 0 : (unknown.error.iin ?? 0) & Iin.objectUnknown).not.toBe(0)
  })
})

describe('events', () => {
  test('are read by class, once, with the time at which they happened', async () => {
    await using rig = await startRig()
    expectValue(await rig.association.ready())
    await rig.association.idle()
    rig.received.length = 0
    rig.clock.ms += 1_000
    rig.outstation.update('binary', 1, 1)
    rig.outstation.update('analog', 0, 240.9) // within the dead band
    rig.outstation.update('analog', 0, 250)
    rig.outstation.updateOctets(0, new Uint8Array([82, 109]))
    rig.clock.ms += 1_000
    const summary = expectValue(await rig.association.classPoll([1, 2, 3]))
    expect(summary).toMatchObject({ points: 3, events: 3 })
    expect(rig.received).toMatchObject([
      { type: 'binary', kind: 'event', index: 1, value: 1, timeMs: START_MS + 1_000 },
      { type: 'analog', kind: 'event', index: 0, value: 250, timeMs: START_MS + 1_000 },
      { type: 'octetString', group: 111, octets: new Uint8Array([82, 109]) },
    ])
    expect(expectValue(await rig.association.classPoll([1, 2, 3])).points).toBe(0)
    expect(rig.outstation.eventsHeld).toBe(0)
  })

  test('stay in the outstation until the handler has taken them', async () => {
    let fail = true
    const confirmed: unknown[] = []
    await using rig = await startRig({
      outstation: { onConfirmed: ({ group, index, value }) => confirmed.push({ group, index, value }) },
      association: {
        startUp: { integrityPoll: false },
        onMeasurements: async () => {
          if (fail) throw new Error('the disk is full')
        },
      },
    })
    expectValue(await rig.association.ready())
    rig.outstation.update('binary', 1, 1)
    expect(await rig.association.classPoll([1])).toMatchObject({ ok: false, error: { code: 'handler-failed' } })
    expect(rig.outstation.eventsHeld).toBe(1)
    expect(confirmed).toEqual([])
    fail = false
    expect(expectValue(await rig.association.classPoll([1])).events).toBe(1)
    await rig.association.timeSync()
    expect(rig.outstation.eventsHeld).toBe(0)
    expect(confirmed).toEqual([{ group: 2, index: 1, value: 1 }])
  })

  test('with relative times count from the common time of occurrence', async () => {
    await using rig = await startRig({ points: [{ type: 'binary', index: 300, eventClass: 1, eventVariation: 3 }] })
    expectValue(await rig.association.ready())
    await rig.association.idle()
    rig.received.length = 0
    for (const wait of [0, 65_535, 1]) {
      rig.clock.ms += wait
      rig.outstation.update('binary', 300, 1, { event: 'force' })
    }
    expectValue(await rig.association.classPoll([1]))
    expect(rig.received.map((m) => [m.variation, m.timeMs])).toEqual([
      [3, START_MS],
      [3, START_MS + 65_535],
      [3, START_MS + 65_536],
    ])
  })

  test('that overflow are reported as a gap and followed by an integrity poll', async () => {
    await using rig = await startRig({ outstation: { maxEventsPerClass: 5 } })
    expectValue(await rig.association.ready())
    await rig.association.idle()
    for (let i = 0; i < 9; i++) rig.outstation.update('binary', 1, i % 2, { event: 'force' })
    expect(rig.outstation.eventCounters).toMatchObject({ created: 9, discarded: 4 })
    rig.received.length = 0
    expect(expectValue(await rig.association.classPoll([1])).events).toBe(5)
    await rig.association.idle()
    expect(rig.notices).toContainEqual({ kind: 'event-gap' })
    expect(rig.received).toHaveLength(5 + MIXED_POINTS.length - 1)
    expect(expectValue(await rig.association.classPoll([1])).iin & Iin.eventBufferOverflow).toBe(0)
  })
})

describe('long answers', () => {
  const points = Array.from({ length: 2_000 }, (_, index) => ({
    type: 'analog' as const,
    index,
    eventClass: 2 as const,
  }))

  test('arrive in several fragments, each confirmed, and both ends count the same points', async () => {
    await using rig = await startRig({ points, outstation: { maxEventsPerClass: 3_000, maxFragmentOctets: 1_024 } })
    expectValue(await rig.association.ready())
    await rig.association.idle()
    for (const { index } of points) rig.outstation.update('analog', index, index + 0.5)
    const summary = expectValue(await rig.association.integrityPoll())
    expect(summary.points).toBe(4_000)
    expect(summary.events).toBe(2_000)
    expect(summary.fragments).toBeGreaterThan(30)
    // One more request, so that the last confirm has arrived.
    await rig.association.timeSync()
    expect(rig.outstation.counters.pointsAnswered).toBe(rig.association.counters.points)
    expect(rig.outstation.counters.eventPointsConfirmed).toBe(2_000)
    expect(new Set(rig.received.filter((m) => m.kind === 'event').map((m) => m.index)).size).toBe(2_000)
  })
})
