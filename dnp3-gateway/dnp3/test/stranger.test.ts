/** What another maker's stack does in the field, and ours did not answer well: master and outstation, with hand-made fragments. */
import { describe, expect, test } from 'vitest'
import { type AssociationNotice, FunctionCode } from '../index.ts'
import { Association } from '../master/association.ts'
import type { ConversationOptions } from '../master/config.ts'
import type { OutstationOptions } from '../outstation/config.ts'
import { Outstation } from '../outstation/outstation.ts'
import { Iin } from '../spec/iin.ts'

/** A master whose requests are listed by name, and answered by hand. */
async function byHand(startUp: ConversationOptions['startUp'] = { integrityPoll: true, enableUnsolicited: [1, 2, 3] }) {
  const sent: Uint8Array[] = []
  const notices: AssociationNotice[] = []
  const association = new Association(
    {
      remoteAddress: 10,
      timeSync: 'never',
      startUp,
      onMeasurements: () => {},
      onNotice: (notice) => notices.push(notice),
    },
    { now: () => 0, random: () => 0, timers: { set: () => 0, clear: () => {} } },
    (fragment) => sent.push(fragment.slice()) > 0,
  )
  const receive = (octets: readonly number[]) => association.receiver.receive(Uint8Array.from(octets), 0)
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  const names = { 0: 'confirm', 1: 'read', 2: 'clear restart', 20: 'enable unsolicited' } as Record<number, string>
  const taken = () => sent.splice(0).map((request) => names[request[1] as number])
  let last = 0
  association.onUp()
  return {
    association,
    notices,
    receive,
    taken,
    /** Answers the next request without objects; returns its name. */
    answer: async (iin = 0) => {
      await settle()
      const request = sent.find((octets) => octets[1] !== FunctionCode.confirm)
      if (request === undefined) return null
      sent.length = 0
      last = request[0] as number
      receive([last, 129, iin >> 8, iin & 0xff])
      await settle()
      return names[request[1] as number]
    },
    /** Answers everything until nothing more is asked; returns the names in order. */
    answerAll: async (iin: (name: string, n: number) => number = () => 0) => {
      const seen: string[] = []
      for (let n = 0; n < 30; n++) {
        await settle()
        const request = sent.find((octets) => octets[1] !== FunctionCode.confirm)
        if (request === undefined) return seen
        sent.length = 0
        const name = names[request[1] as number] as string
        seen.push(name)
        const word = iin(name, n)
        receive([request[0] as number, 129, word >> 8, word & 0xff])
      }
      throw new Error('the master asks without end')
    },
  }
}

/** The null unsolicited response of an outstation that has restarted. */
const restarted = [0xf0, 130, Iin.deviceRestart >> 8, 0]
const afterRestart = ['clear restart', 'read', 'enable unsolicited']

describe('I1 a response of several fragments', () => {
  test('has the indications of all of them acted on, though the last no longer has them', async () => {
    const { association, notices, receive, answerAll, taken } = await byHand()
    await answerAll()
    taken()
    const poll = association.classPoll([1, 2, 3])
    await Promise.resolve()
    const control = 3
    // 81 02 08 in the first: class 1 events and an event overflow (IIN2.3); none in the last, because our confirm made room.
    receive([0xa0 | (control - 1), 129, 0x02, 0x08, 2, 1, 0x17, 1, 0, 0x81])
    receive([0x40 | control, 129, 0, 0])
    const outcome = await poll
    expect(outcome).toMatchObject({ ok: true, value: { fragments: 2, iin: 0x0208 } })
    expect(notices.map(({ kind }) => kind)).toEqual(['event-gap'])
    taken()
    expect(await answerAll()).toEqual([])
  })
})

describe('I2 a restart on a living connection', () => {
  test('I2a told by a null unsolicited response while nothing is asked: restart cleared, everything read, events enabled', async () => {
    const { receive, answerAll, notices } = await byHand()
    await answerAll()
    receive(restarted)
    expect(await answerAll()).toEqual(afterRestart)
    expect(notices).toEqual([{ kind: 'restarted' }])
  })

  test('I2b told by a poll: the same follows', async () => {
    const { association, answerAll } = await byHand()
    await answerAll()
    void association.classPoll([1, 2, 3])
    const seen = await answerAll((_, n) => (n === 0 ? Iin.deviceRestart : 0))
    expect(seen).toEqual(['read', ...afterRestart])
  })

  test('I2b whose integrity poll fails is read at the next occasion, although the indication is gone', async () => {
    const { association, receive, answer, answerAll, notices } = await byHand({ integrityPoll: true })
    await answerAll()
    receive(restarted)
    expect(await answer()).toBe('clear restart')
    // The integrity poll is refused outright; a minute's wait counts by the clock, which stands still here.
    expect(await answer(Iin.parameterError)).toBe('read')
    expect(notices.map(({ kind }) => kind)).toEqual(['restarted', 'recovery-failed'])
    void association.integrityPoll()
    expect(await answerAll()).toEqual(['read'])
  })

  test('I2d that follows another with the same octets is acted on as well', async () => {
    const { receive, answerAll, notices, association } = await byHand()
    await answerAll()
    for (let n = 0; n < 2; n++) {
      receive(restarted)
      expect(await answerAll()).toEqual(afterRestart)
    }
    expect(notices).toHaveLength(2)
    expect(association.counters.duplicateUnsolicited).toBe(1)
  })

  test('I2e is cleared before anything is read, so that a second one in between is not cleared unseen', async () => {
    const { receive, answer, answerAll } = await byHand()
    await answerAll()
    receive(restarted)
    expect(await answer()).toBe('clear restart')
    // It restarts again while it is read: the read tells of it.
    const rest = await answerAll((_, n) => (n <= 1 ? Iin.deviceRestart : 0))
    expect(rest).toEqual(['read', 'enable unsolicited', 'clear restart', 'enable unsolicited'])
  })

  test('told again and again by a broken device does not keep the master busy', async () => {
    const { receive, answerAll } = await byHand()
    await answerAll()
    const seen: number[] = []
    for (let n = 0; n < 8; n++) {
      receive(restarted)
      seen.push((await answerAll()).length)
    }
    expect(seen.reduce((sum, n) => sum + n, 0)).toBeLessThanOrEqual(4 * 3)
  })

  test('during start-up is answered by the start-up itself', async () => {
    const { receive, answerAll } = await byHand()
    receive(restarted)
    const seen = await answerAll()
    expect(seen.toSorted()).toEqual(afterRestart.toSorted())
  })
})

/** An outstation and the fragments that it sends, to requests of a given control. */
function outstation(options: Partial<OutstationOptions> = {}) {
  const sent: Uint8Array[] = []
  const device = new Outstation(
    {
      address: 10,
      points: [
        { type: 'binary', index: 0, eventClass: 1, flags: 1 },
        { type: 'counter', index: 0, value: 5, flags: 1 },
        { type: 'analog', index: 0, eventClass: 2, value: 1, flags: 1 },
      ],
      ...options,
    },
    { now: () => 0, random: () => 0, timers: { set: () => 0, clear: () => {} } },
  )
  const session = device.openSession((fragment) => sent.push(fragment.slice()))
  const ask = (code: number, objects: readonly number[], { sequence = 0, broadcast = 0 } = {}) => {
    sent.length = 0
    session.receive(Uint8Array.from([0xc0 | sequence, code, ...objects]), broadcast)
    const answer = sent.at(-1)
    return answer === undefined
      ? null
      : {
          con: ((answer[0] as number) & 0x20) !== 0,
          iin: ((answer[2] as number) << 8) | (answer[3] as number),
          octets: answer,
        }
  }
  ask(FunctionCode.write, [80, 1, 0, 7, 7, 0], { sequence: 15 })
  return { device, session, ask, sent }
}

const mandatory = 0xfffe
const readStatics = [60, 1, 6]
const broadcastBit = (answer: { iin: number } | null) => ((answer?.iin ?? 0) & Iin.broadcast) !== 0

describe('I4 a broadcast', () => {
  test('whose confirm is mandatory is told with a confirm asked for, until that comes', () => {
    const { ask, session } = outstation()
    expect(ask(FunctionCode.write, [80, 1, 0, 7, 7, 0], { broadcast: mandatory })).toBeNull()
    const told = ask(FunctionCode.read, readStatics, { sequence: 1 })
    expect(told).toMatchObject({ con: true })
    expect(broadcastBit(told)).toBe(true)
    // No confirm has come: it is told again.
    const again = ask(FunctionCode.read, readStatics, { sequence: 2 })
    expect(again).toMatchObject({ con: true })
    expect(broadcastBit(again)).toBe(true)
    session.receive(Uint8Array.of(0xc2, FunctionCode.confirm), 0)
    const after = ask(FunctionCode.read, readStatics, { sequence: 3 })
    expect(after).toMatchObject({ con: false })
    expect(broadcastBit(after)).toBe(false)
  })

  test.each([0xfffd, 0xffff])('to %i is told once, without asking for a confirm', (broadcast) => {
    const { ask } = outstation()
    ask(FunctionCode.write, [80, 1, 0, 7, 7, 0], { broadcast })
    const told = ask(FunctionCode.read, readStatics, { sequence: 1 })
    expect(told).toMatchObject({ con: false })
    expect(broadcastBit(told)).toBe(true)
    expect(broadcastBit(ask(FunctionCode.read, readStatics, { sequence: 2 }))).toBe(false)
  })

  test('whose confirm is mandatory is told by the answer to a write too, and by its repetition', () => {
    const { ask, session } = outstation()
    ask(FunctionCode.write, [80, 1, 0, 7, 7, 0], { broadcast: mandatory })
    for (let n = 0; n < 2; n++) {
      const told = ask(FunctionCode.write, [80, 1, 0, 7, 7, 0], { sequence: 1 })
      expect(told).toMatchObject({ con: true })
      expect(broadcastBit(told)).toBe(true)
    }
    session.receive(Uint8Array.of(0xc1, FunctionCode.confirm), 0)
    expect(broadcastBit(ask(FunctionCode.read, readStatics, { sequence: 2 }))).toBe(false)
  })
})

describe('I5 a freeze', () => {
  const counters = [
    { type: 'counter', index: 0, value: 5, flags: 1 },
    { type: 'counter', index: 1, value: 6, flags: 1 },
  ] as const

  test.each([
    ['counters', [20, 0, 6]],
    ['analogs', [30, 0, 6]],
    ['everything', [60, 1, 6]],
  ])('of %s without a frozen point is refused as unknown', (_, objects) => {
    const { ask } = outstation()
    expect(ask(FunctionCode.immediateFreeze, objects)).toMatchObject({ iin: Iin.objectUnknown | Iin.needTime })
  })

  test('of a counter by index that has no frozen point is refused, and it is not cleared', () => {
    const { ask, device } = outstation({ points: [...counters, { type: 'frozenCounter', index: 0, flags: 1 }] })
    const answer = ask(FunctionCode.freezeAndClear, [20, 0, 0, 0, 1])
    expect(answer).toMatchObject({ iin: Iin.parameterError | Iin.needTime })
    expect(device.read('frozenCounter', 0)?.value).toBe(5)
    expect(['counter', 'counter'].map((type, at) => device.read(type as 'counter', at)?.value)).toEqual([0, 6])
  })

  test('of all counters freezes those that have a frozen point', () => {
    const { ask, device } = outstation({ points: [...counters, { type: 'frozenCounter', index: 1, flags: 1 }] })
    expect(ask(FunctionCode.immediateFreeze, [20, 0, 6])).toMatchObject({ iin: Iin.needTime })
    expect(device.read('frozenCounter', 1)?.value).toBe(6)
  })
})

describe('I6 events', () => {
  test.each([
    ['of a class by range', [60, 2, 0, 0, 5]],
    ['of a class by index', [60, 3, 0x17, 1, 0]],
    ['of a group by range', [2, 0, 0, 0, 5]],
    ['of a group by a 16-bit range', [32, 0, 1, 0, 0, 5, 0]],
    ['of a group by index', [2, 1, 0x17, 1, 0]],
    ['of class 0 by range', [60, 1, 0, 0, 5]],
  ])('%s are refused, since they have neither order nor place (IIN2.2)', (_, objects) => {
    const { ask, device } = outstation()
    device.update('binary', 0, 1)
    const answer = ask(FunctionCode.read, objects)
    expect(answer?.octets).toHaveLength(4)
    expect((answer?.iin ?? 0) & Iin.parameterError).not.toBe(0)
    expect(device.eventsHeld).toBe(1)
  })

  test('by count are limited to it', () => {
    const { ask, device } = outstation()
    for (let n = 0; n < 3; n++) device.update('binary', 0, n % 2, { event: 'force' })
    const answer = ask(FunctionCode.read, [60, 2, 7, 2])
    expect((answer?.iin ?? 0) & Iin.parameterError).toBe(0)
    expect(answer?.octets.slice(4, 8)).toEqual(Uint8Array.of(2, 2, 0x17, 2))
  })
})
