/** Every way in which an operation can fail has a code, and a case here: a missing one does not compile. */
import { describe, expect, test } from 'vitest'
import type { AssociationOptions, Dnp3ErrorCode, Outcome } from '../index.ts'
import { Association } from '../master/association.ts'

/** An association with a hand-played outstation. */
async function byHand(options: Partial<AssociationOptions> = {}) {
  const sent: Uint8Array[] = []
  const timers: (() => void)[] = []
  const association = new Association(
    {
      remoteAddress: 10,
      timeSync: 'never',
      startUp: { integrityPoll: false, clearRestart: false },
      onMeasurements: () => {},
      ...options,
    },
    { now: () => 0, random: () => 0, timers: { set: (_, callback) => timers.push(callback), clear: () => {} } },
    (fragment) => sent.push(fragment.slice()) > 0,
  )
  association.onUp()
  await association.ready()
  return {
    association,
    sent,
    /** Lets the latest time-out expire. */
    wait: () => timers.at(-1)?.(),
    /** Answers the last request with these indications and octets. */
    answer: (iin: number, ...octets: number[]) => {
      const control = sent.at(-1)?.[0] as number
      association.receiver.receive(Uint8Array.of(control, 129, iin >> 8, iin & 0xff, ...octets), 0)
    },
  }
}

const relay = { kind: 'relay', index: 3, operation: 'latch-on' } as const
/** The command on the wire: one g12v1 behind an 8-bit index, latch on, once; its last octet is the status. */
const ECHO = [12, 1, 0x17, 1, 3, 3, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]

const CASES: Readonly<Record<Dnp3ErrorCode, () => Promise<Outcome<unknown>>>> = {
  'not-connected': async () => {
    const { association } = await byHand()
    association.onDown()
    return association.integrityPoll()
  },
  'connection-lost': async () => {
    const { association } = await byHand()
    const poll = association.integrityPoll()
    association.onDown()
    return poll
  },
  closed: async () => {
    const { association } = await byHand()
    const poll = association.integrityPoll()
    await association.close()
    return poll
  },
  timeout: async () => {
    const { association, wait } = await byHand()
    const poll = association.integrityPoll()
    wait()
    return poll
  },
  refused: async () => {
    const { association, answer } = await byHand()
    const read = association.read([{ group: 30, variation: 0 }])
    answer(0x0002)
    return read
  },
  'malformed-response': async () => {
    const { association, answer, sent } = await byHand()
    const poll = association.integrityPoll()
    answer(0, 30, 5, 0x00, 9, 3)
    expect(sent).toHaveLength(1)
    return poll
  },
  'handler-failed': async () => {
    const { association, answer, sent } = await byHand({
      onMeasurements: () => {
        throw new Error('the disk is full')
      },
    })
    const poll = association.integrityPoll()
    answer(0, 1, 2, 0x00, 0, 0, 0x81)
    expect(sent).toHaveLength(1)
    return poll
  },
  'queue-full': async () => {
    const { association } = await byHand({ maxQueued: 2 })
    for (let i = 0; i < 2; i++) void association.integrityPoll()
    return association.integrityPoll()
  },
  'not-permitted': async () => {
    const { association, sent } = await byHand({ permits: () => false })
    const poll = association.integrityPoll()
    expect(sent).toEqual([])
    return poll
  },
  'unexpected-objects': async () => {
    const { association, answer } = await byHand()
    const restart = association.restart('cold')
    answer(0)
    return restart
  },
  'bad-request': async () => {
    const { association, sent } = await byHand()
    const operate = association.operate([{ ...relay, index: -1 }])
    expect(sent).toEqual([])
    return operate
  },
  'echo-mismatch': async () => {
    const { association, answer } = await byHand()
    const operate = association.operate([relay])
    answer(0, ...ECHO.with(4, 4))
    return operate
  },
  'command-refused': async () => {
    const { association, answer } = await byHand()
    const operate = association.operate([relay])
    answer(0, ...ECHO.with(-1, 4))
    return operate
  },
}

describe('an operation that fails', () => {
  test.each(Object.keys(CASES) as Dnp3ErrorCode[])('reports %s', async (code) => {
    expect(await CASES[code]()).toMatchObject({ ok: false, error: { code, message: expect.stringMatching(/\w{3}/) } })
  })

  test('does not hold up the next', async () => {
    const { association, wait, answer } = await byHand()
    const [late, next] = [association.integrityPoll(), association.integrityPoll()]
    wait()
    expect(await late).toMatchObject({ ok: false, error: { code: 'timeout' } })
    answer(0, 1, 2, 0x00, 0, 0, 0x81)
    expect(await next).toMatchObject({ ok: true, value: { points: 1 } })
  })

  test('by time-out does not pass its late answer to the next', async () => {
    const { association, wait, sent } = await byHand()
    const [late, next] = [association.integrityPoll(), association.integrityPoll()]
    const first = sent[0]?.[0] as number
    wait()
    await late
    association.receiver.receive(Uint8Array.of(first, 129, 0, 0, 1, 2, 0x00, 0, 0, 0x81), 0)
    expect(association.counters).toMatchObject({ unexpected: 1, points: 0, confirms: 0 })
    wait()
    expect(await next).toMatchObject({ ok: false, error: { code: 'timeout' } })
  })
})
