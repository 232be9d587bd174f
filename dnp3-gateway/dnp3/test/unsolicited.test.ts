import { describe, expect, test } from 'vitest'
import { ControlBit, singleControl } from '../app/control.ts'
import { FunctionCode } from '../index.ts'
import { primaryControl } from '../link/frame.ts'
import { Association } from '../master/association.ts'
import type { OutstationOptions } from '../outstation/config.ts'
import { Outstation } from '../outstation/outstation.ts'
import type { Session } from '../outstation/session.ts'
import { Iin } from '../spec/iin.ts'
import { frameFragment } from '../transport/segmenter.ts'
import { expectValue, recorder, START_MS, startRig } from './support/rig.ts'

const UNSOLICITED = { masterAddress: 1, unsolicited: { confirmTimeoutMs: 30, retries: 1, restMs: 60 } } as const

/** Waits for confirms for longer than a busy machine takes: a repeated null response counts as another restart. */
const PATIENT = { masterAddress: 1, unsolicited: { confirmTimeoutMs: 5_000 } } as const

describe('an outstation with unsolicited responses', () => {
  test('starts with a null response and sends events once they are enabled', async () => {
    await using rig = await startRig({
      outstation: PATIENT,
      association: { startUp: { enableUnsolicited: [1, 2, 3] } },
    })
    expectValue(await rig.association.ready())
    await rig.association.idle()
    await expect.poll(() => rig.association.counters.unsolicited).toBe(1)
    rig.received.length = 0
    rig.outstation.update('binary', 1, 1)
    rig.outstation.update('analog', 0, 260)
    await expect.poll(() => rig.received.length).toBe(2)
    expect(rig.received).toMatchObject([
      { group: 2, index: 1, value: 1, timeMs: START_MS },
      { group: 32, index: 0, value: 260 },
    ])
    await expect.poll(() => rig.outstation.eventsHeld).toBe(0)
    expect(rig.outstation.counters.pointsAnswered).toBe(rig.association.counters.points)
  })

  test('sends nothing from classes that are disabled', async () => {
    await using rig = await startRig({
      outstation: PATIENT,
      association: { startUp: { enableUnsolicited: [2] } },
    })
    expectValue(await rig.association.ready())
    rig.outstation.update('binary', 1, 1)
    rig.outstation.update('analog', 0, 260)
    await expect.poll(() => rig.received.some(({ group }) => group === 32)).toBe(true)
    expect(rig.received.some(({ group }) => group === 2)).toBe(false)
    expectValue(await rig.association.disableUnsolicited([2]))
    rig.outstation.update('analog', 0, 270)
    expect(expectValue(await rig.association.classPoll([2])).events).toBe(1)
  })

  test('tells the master that it has restarted', async () => {
    await using rig = await startRig({ outstation: PATIENT })
    expectValue(await rig.association.ready())
    await rig.association.idle()
    expect(expectValue(await rig.association.classPoll([1])).iin & Iin.deviceRestart).toBe(0)
    const before = rig.notices.filter(({ kind }) => kind === 'restarted').length
    rig.outstation.restart()
    await expect.poll(() => rig.notices.filter(({ kind }) => kind === 'restarted').length).toBe(before + 1)
    await rig.association.idle()
    expect(expectValue(await rig.association.classPoll([1])).iin & Iin.deviceRestart).toBe(0)
  })

  test('keeps events in order during a flood, without losing or repeating any', async () => {
    await using rig = await startRig({
      outstation: { ...UNSOLICITED, unsolicited: { confirmTimeoutMs: 2_000 }, maxEventsPerClass: 5_000 },
      association: { startUp: { enableUnsolicited: [1, 2, 3] } },
    })
    expectValue(await rig.association.ready())
    await rig.association.idle()
    rig.received.length = 0
    for (let i = 0; i < 3_000; i++) rig.outstation.update('analog', 2, i, { event: 'force' })
    await expect.poll(() => rig.received.length, { timeout: 10_000 }).toBe(3_000)
    expect(rig.received.map(({ value }) => value)).toEqual(Array.from({ length: 3_000 }, (_, i) => i))
  })
})

describe('FM27 a flood of unsolicited responses', () => {
  test('is taken one at a time while the handler works; the rest is neither kept nor confirmed', async () => {
    const sent: Uint8Array[] = []
    let finish = () => {}
    const association = new Association(
      {
        remoteAddress: 10,
        timeSync: 'never',
        startUp: { integrityPoll: false, clearRestart: false },
        onMeasurements: () =>
          new Promise<void>((resolve) => {
            finish = resolve
          }),
      },
      { now: () => 0, random: () => 0, timers: { set: () => 0, clear: () => {} } },
      (fragment) => sent.push(fragment.slice()) > 0,
    )
    association.onUp()
    for (let i = 0; i < 10_000; i++) {
      const value = [i & 0xff, i >> 8]
      association.receiver.receive(
        Uint8Array.from([singleControl(i, true, true), 130, 0, 0, 32, 2, 0x17, 1, 0, 1, ...value]),
        0,
      )
    }
    expect(association.counters).toMatchObject({ unsolicited: 10_000, unexpected: 9_999, points: 0 })
    expect(sent).toHaveLength(0)
    await Promise.resolve()
    finish()
    await expect.poll(() => sent.length).toBe(1)
    expect(association.counters).toMatchObject({ points: 1, confirms: 1 })
  })
})

/** A session without a network: sent fragments are kept, and timers run on command. */
function bench(options: Partial<OutstationOptions> = {}) {
  const sent: Uint8Array[] = []
  let timers: { at: number; run: () => void }[] = []
  let clock = 0
  let onSend = (_fragment: Uint8Array) => {}
  const outstation = new Outstation(
    {
      address: 10,
      points: [
        { type: 'binary', index: 0, eventClass: 1, value: 0, flags: 1 },
        { type: 'analog', index: 0, eventClass: 2, flags: 1 },
      ],
      unsolicited: { confirmTimeoutMs: 5_000, retries: 2, restMs: 30_000 },
      needsTime: false,
      ...options,
    },
    {
      now: () => clock,
      random: () => 0,
      timers: {
        set: (ms, run) => {
          const timer = { at: clock + ms, run }
          timers.push(timer)
          return timer
        },
        clear: (timer) => {
          timers = timers.filter((other) => other !== timer)
        },
      },
    },
  )
  // For tshark: there is no wire to tap here.
  const tap = recorder.tap(false)
  tap.opened()
  const session: Session = outstation.openSession((fragment) => {
    sent.push(fragment.slice())
    tap.sent(frameFragment(fragment, primaryControl(false, 4), 1, 10, 0))
    onSend(fragment)
  })
  session.open()
  return {
    outstation,
    session,
    sent,
    request: (sequence: number, code: number, ...octets: number[]) =>
      session.receive(Uint8Array.from([singleControl(sequence), code, ...octets]), 0),
    confirm: (fragment: Uint8Array) => {
      const control = fragment[0] as number
      session.receive(Uint8Array.of(singleControl(control & 15, false, (control & ControlBit.uns) !== 0), 0), 0)
    },
    onSend: (handler: (fragment: Uint8Array) => void) => {
      onSend = handler
    },
    advance: (ms: number) => {
      clock += ms
      for (let due = next(); due !== undefined; due = next()) {
        const timer = due
        timers = timers.filter((other) => other !== timer)
        timer.run()
      }
    },
  }
  function next() {
    return timers.filter(({ at }) => at <= clock).sort((a, b) => a.at - b.at)[0]
  }
}

const ENABLE = [FunctionCode.enableUnsolicited, 60, 2, 6, 60, 3, 6, 60, 4, 6] as const
const READ_CLASS_1 = [FunctionCode.read, 60, 2, 6] as const

describe('an unsolicited response', () => {
  test('is repeated unchanged until confirmed, then rests, then is retried with the next sequence', () => {
    const rig = bench()
    expect(rig.sent).toHaveLength(1)
    rig.advance(5_000)
    rig.advance(5_000)
    expect(rig.sent).toHaveLength(3)
    expect(rig.sent[1]).toEqual(rig.sent[0])
    expect(rig.sent[2]).toEqual(rig.sent[0])
    rig.advance(5_000)
    rig.advance(29_000)
    expect(rig.sent).toHaveLength(3)
    expect(rig.outstation.counters.unsolicitedGivenUp).toBe(1)
    rig.advance(1_000)
    expect(rig.sent).toHaveLength(4)
    expect((rig.sent[3]?.[0] as number) & 15).toBe(((rig.sent[0]?.[0] as number) + 1) & 15)
  })

  test('counts as confirmed even if the confirm arrives before sending has finished', () => {
    const rig = bench()
    rig.confirm(rig.sent[0] as Uint8Array)
    rig.request(0, ...ENABLE)
    rig.onSend((fragment) => {
      // The confirm arrives before the call that sends has returned.
      if (fragment[1] === FunctionCode.unsolicitedResponse) rig.confirm(fragment)
    })
    rig.outstation.update('binary', 0, 1)
    rig.advance(0)
    expect(rig.outstation.eventsHeld).toBe(0)
    expect(rig.outstation.counters).toMatchObject({ strayConfirms: 0, eventPointsConfirmed: 1, confirmTimeouts: 0 })
    rig.advance(60_000)
    expect(rig.outstation.counters.unsolicitedSent).toBe(2)
  })

  test('defers a read until it is confirmed; the read then finds no events left', () => {
    const rig = bench()
    rig.confirm(rig.sent[0] as Uint8Array)
    rig.request(0, ...ENABLE)
    rig.outstation.update('binary', 0, 1)
    rig.advance(0)
    const unsolicited = rig.sent.at(-1) as Uint8Array
    expect(unsolicited[1]).toBe(FunctionCode.unsolicitedResponse)
    const before = rig.sent.length
    rig.request(1, ...READ_CLASS_1)
    expect(rig.sent).toHaveLength(before)
    rig.confirm(unsolicited)
    expect([...(rig.sent.at(-1) as Uint8Array)].slice(0, 2)).toEqual([singleControl(1), FunctionCode.response])
    expect(rig.sent.at(-1)).toHaveLength(4)
  })

  test('gives its events to a deferred read if its confirm does not come', () => {
    const rig = bench()
    rig.confirm(rig.sent[0] as Uint8Array)
    rig.request(0, ...ENABLE)
    rig.outstation.update('binary', 0, 1)
    rig.advance(0)
    rig.request(1, ...READ_CLASS_1)
    rig.advance(5_000)
    const answer = rig.sent.at(-1) as Uint8Array
    expect(answer[1]).toBe(FunctionCode.response)
    expect((answer[0] as number) & ControlBit.con).not.toBe(0)
    rig.confirm(answer)
    expect(rig.outstation.eventsHeld).toBe(0)
  })

  test('does not defer other requests', () => {
    const rig = bench()
    rig.request(4, FunctionCode.delayMeasure)
    expect(rig.sent.at(-1)?.[1]).toBe(FunctionCode.response)
  })

  test('is not sent if not configured, and its functions are refused', () => {
    const plain = new Outstation(
      { address: 10, points: [] },
      { now: () => 0, random: () => 0, timers: { set: () => 0, clear: () => {} } },
    )
    const sent: Uint8Array[] = []
    const session = plain.openSession((fragment) => sent.push(fragment.slice()))
    session.open()
    expect(sent).toHaveLength(0)
    session.receive(Uint8Array.from([singleControl(0), ...ENABLE]), 0)
    expect((sent[0]?.[3] as number) & Iin.functionNotSupported).not.toBe(0)
  })
})

describe('FM27 a class assignment', () => {
  test('without a class is refused and changes nothing', () => {
    const rig = bench()
    rig.request(1, FunctionCode.assignClass, 60, 0, 6, 1, 0, 6)
    expect((rig.sent.at(-1)?.[3] as number) & Iin.parameterError).not.toBe(0)
    rig.request(2, FunctionCode.assignClass, 1, 0, 6)
    expect((rig.sent.at(-1)?.[3] as number) & Iin.parameterError).not.toBe(0)
    rig.outstation.update('binary', 0, 1)
    expect(rig.outstation.eventsHeld).toBe(1)
  })
})

describe('a select', () => {
  const CROB = [12, 1, 0x17, 1, 5, 3, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0] as const
  const statusOf = (fragment: Uint8Array | undefined) => fragment?.at(-1)

  test('holds once, for its time, its octets and the next sequence only', () => {
    const rig = bench({ onCommand: () => 0, selectTimeoutMs: 10_000 })
    rig.request(1, FunctionCode.select, ...CROB)
    rig.request(2, FunctionCode.operate, ...CROB)
    expect(statusOf(rig.sent.at(-1))).toBe(0)
    rig.request(3, FunctionCode.operate, ...CROB)
    expect(statusOf(rig.sent.at(-1))).toBe(2)
    rig.request(4, FunctionCode.select, ...CROB)
    rig.advance(10_001)
    rig.request(5, FunctionCode.operate, ...CROB)
    expect(statusOf(rig.sent.at(-1))).toBe(1)
    rig.request(6, FunctionCode.select, ...CROB)
    rig.request(7, FunctionCode.operate, ...CROB.slice(0, 4), 6, ...CROB.slice(5))
    expect(statusOf(rig.sent.at(-1))).toBe(2)
    rig.request(8, FunctionCode.select, ...CROB)
    rig.request(10, FunctionCode.operate, ...CROB)
    expect(statusOf(rig.sent.at(-1))).toBe(2)
  })

  test('is operated once even if the operate is repeated octet for octet', () => {
    const modes: string[] = []
    const rig = bench({ onCommand: ({ mode }) => modes.push(mode) * 0 })
    rig.request(1, FunctionCode.select, ...CROB)
    rig.request(2, FunctionCode.operate, ...CROB)
    rig.request(2, FunctionCode.operate, ...CROB)
    expect(modes).toEqual(['select', 'operate'])
    expect(rig.sent.at(-1)).toEqual(rig.sent.at(-2))
  })

  test('by pattern reaches every point with its bit set', () => {
    const indexes: number[] = []
    const rig = bench({ onCommand: ({ index }) => indexes.push(index) * 0 })
    const block = [12, 2, 0x07, 1, 3, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    rig.request(1, FunctionCode.directOperate, ...block, 12, 3, 0, 4, 9, 0b100101)
    expect(indexes).toEqual([4, 6, 9])
    expect([...(rig.sent.at(-1) as Uint8Array)].slice(4)).toEqual([...block, 12, 3, 0, 4, 9, 0b100101])
  })

  test('by broadcast is not obeyed, but a direct operate without acknowledgement is', () => {
    const modes: string[] = []
    const rig = bench({ onCommand: ({ mode }) => modes.push(mode) * 0 })
    const before = rig.sent.length
    for (const code of [FunctionCode.select, FunctionCode.directOperate, FunctionCode.directOperateNoAck]) {
      rig.session.receive(Uint8Array.from([singleControl(1), code, ...CROB]), 0xffff)
    }
    expect(modes).toEqual(['direct'])
    expect(rig.sent).toHaveLength(before)
  })
})
