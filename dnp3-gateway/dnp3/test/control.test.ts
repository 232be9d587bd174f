import { describe, expect, test } from 'vitest'
import { type Command, CommandStatus, type Control } from '../index.ts'
import { Iin } from '../spec/iin.ts'
import { expectValue, MIXED_POINTS, START_MS, startRig } from './support/rig.ts'

const LATCH: Control = { kind: 'relay', index: 3, operation: 'latch-on' }
const SETPOINT: Control = { kind: 'analog', index: 0, value: 12.5 }
const QUIET = { startUp: { integrityPoll: false }, timeSync: 'never' } as const

describe('a command', () => {
  test('is selected, then operated, with all its fields each time, and reported as an event', async () => {
    const commands: Command[] = []
    await using rig = await startRig({
      outstation: {
        onCommand: (command) => {
          commands.push(command)
          return CommandStatus.success
        },
        commandEventClass: 1,
      },
      association: QUIET,
    })
    expectValue(await rig.association.ready())
    expectValue(
      await rig.association.operate([
        {
          kind: 'relay',
          index: 3,
          operation: 'pulse-on',
          tripClose: 'trip',
          count: 2,
          onTimeMs: 250,
          offTimeMs: 70_000,
        },
        SETPOINT,
      ]),
    )
    const relay = { kind: 'relay', index: 3, operation: 'pulse-on', tripClose: 'trip', clear: false, count: 2 }
    expect(commands).toMatchObject([
      { ...relay, mode: 'select', onTimeMs: 250, offTimeMs: 70_000 },
      { kind: 'analog', mode: 'select', index: 0, value: 12.5 },
      { ...relay, mode: 'operate' },
      { kind: 'analog', mode: 'operate', value: 12.5 },
    ])
    expectValue(await rig.association.classPoll([1]))
    expect(rig.received).toMatchObject([
      { kind: 'command', group: 13, index: 3, value: 1, good: true, timeMs: START_MS },
      { kind: 'command', group: 43, index: 0, value: 12.5, good: true },
    ])
  })

  test.each(['i16', 'i32', 'f32', 'f64'] as const)('can be sent as %s', async (format) => {
    const values: number[] = []
    await using rig = await startRig({
      outstation: { onCommand: (command) => values.push(command.kind === 'analog' ? command.value : Number.NaN) && 0 },
      association: QUIET,
    })
    expectValue(await rig.association.ready())
    expectValue(await rig.association.operate([{ kind: 'analog', index: 70_000, value: -77, format }], 'direct'))
    expect(values).toEqual([-77])
  })

  test('without acknowledgement is carried out too', async () => {
    const commands: Command[] = []
    await using rig = await startRig({ outstation: { onCommand: (c) => commands.push(c) && 0 }, association: QUIET })
    expectValue(await rig.association.ready())
    expectValue(await rig.association.operate([LATCH], 'direct-no-ack'))
    expectValue(await rig.association.classPoll([1]))
    expect(commands).toMatchObject([{ kind: 'relay', mode: 'direct', operation: 'latch-on' }])
  })

  test('that the device refuses fails with its status and is not operated', async () => {
    const modes: string[] = []
    await using rig = await startRig({
      outstation: { onCommand: ({ mode }) => (modes.push(mode) > 0 ? CommandStatus.blocked : 0) },
      association: QUIET,
    })
    expectValue(await rig.association.ready())
    expect(await rig.association.operate([LATCH])).toMatchObject({
      ok: false,
      error: { code: 'command-refused', status: CommandStatus.blocked },
    })
    expect(modes).toEqual(['select'])
  })

  test('to a device that takes no commands, or whose handler fails, is answered with a status', async () => {
    await using rig = await startRig({ association: QUIET })
    expectValue(await rig.association.ready())
    const refused = { ok: false, error: { code: 'command-refused', status: CommandStatus.notSupported } }
    expect(await rig.association.operate([LATCH], 'direct')).toMatchObject(refused)
    await using broken = await startRig({
      association: QUIET,
      outstation: {
        onCommand: () => {
          throw new Error('a relay is stuck')
        },
      },
    })
    expectValue(await broken.association.ready())
    const failed = { ok: false, error: { code: 'command-refused', status: CommandStatus.hardwareError } }
    expect(await broken.association.operate([LATCH], 'direct')).toMatchObject(failed)
  })

  test('with more operations than the device takes at once is refused for the excess', async () => {
    await using rig = await startRig({ outstation: { onCommand: () => 0, maxCommands: 2 }, association: QUIET })
    expectValue(await rig.association.ready())
    const controls = [0, 1, 2].map((index) => ({ ...LATCH, index }) as Control)
    const status = CommandStatus.tooManyOperations
    expect(await rig.association.operate(controls)).toMatchObject({
      ok: false,
      error: { code: 'command-refused', status },
    })
  })

  test('that cannot be written is not sent', async () => {
    await using rig = await startRig({ association: QUIET })
    expectValue(await rig.association.ready())
    const wrong: Control[] = [{ kind: 'analog', index: 1, value: 40_000, format: 'i16' }]
    expect(await rig.association.operate(wrong)).toMatchObject({ ok: false, error: { code: 'bad-request' } })
    expect(await rig.association.operate([])).toMatchObject({ ok: false, error: { code: 'bad-request' } })
    expect(rig.association.counters.requests).toBe(0)
  })
})

describe('a freeze', () => {
  test('copies counters and analogs with the time, and clears counters on request', async () => {
    await using rig = await startRig({
      association: QUIET,
      points: [
        { type: 'counter', index: 5, value: 17, flags: 1 },
        { type: 'frozenCounter', index: 5, eventClass: 3, staticVariation: 5 },
        { type: 'analog', index: 2, value: 1.5, flags: 1 },
        { type: 'frozenAnalog', index: 2, eventClass: 3 },
      ],
    })
    expectValue(await rig.association.ready())
    expectValue(await rig.association.freeze([{ group: 20 }, { group: 30, start: 2, stop: 2 }], { clear: true }))
    expect(rig.outstation.read('frozenCounter', 5)).toMatchObject({ value: 17, flags: 1, timeMs: START_MS })
    expect(rig.outstation.read('counter', 5)).toMatchObject({ value: 0 })
    expectValue(await rig.association.integrityPoll())
    expect(rig.received).toMatchObject([
      { group: 23, index: 5, value: 17, timeMs: START_MS },
      { group: 33, index: 2, value: 1.5 },
      { group: 20, value: 0 },
      { group: 21, value: 17, timeMs: START_MS },
      { group: 30, value: 0 },
      { group: 31, value: 1.5 },
    ])
  })

  test('without acknowledgement works too; one of unknown points is refused', async () => {
    await using rig = await startRig({ association: QUIET })
    expectValue(await rig.association.ready())
    expectValue(await rig.association.freeze([{ group: 20 }], { ack: false }))
    const outcome = await rig.association.freeze([{ group: 20, start: 0, stop: 9 }])
    expect(outcome.ok ? 0 : (outcome.error.iin ?? 0) & Iin.parameterError).not.toBe(0)
    expect(rig.outstation.read('frozenCounter', 5)).toMatchObject({ value: 4_000_000_000 })
    const wrong = await rig.association.freeze([{ group: 1 }])
    expect(wrong.ok ? 0 : (wrong.error.iin ?? 0) & Iin.objectUnknown).not.toBe(0)
  })
})

describe('a restart', () => {
  test.each(['cold', 'warm'] as const)(
    '(%s) is carried out: the device says how long it takes, then starts afresh',
    async (kind) => {
      const kinds: string[] = []
      await using rig = await startRig({
        association: QUIET,
        outstation: { onRestart: (asked) => kinds.push(asked) * 90_000 },
      })
      expectValue(await rig.association.ready())
      rig.outstation.update('binary', 1, 1)
      expect(expectValue(await rig.association.restart(kind))).toEqual({ delayMs: 90_000 })
      expect(kinds).toEqual([kind])
      expect(rig.outstation.eventsHeld).toBe(0)
    },
  )

  test('that the device does not offer is refused', async () => {
    await using rig = await startRig({ association: QUIET, outstation: { onRestart: () => null } })
    expectValue(await rig.association.ready())
    expect(await rig.association.restart('cold')).toMatchObject({ ok: false, error: { code: 'refused' } })
  })
})

describe('applications', () => {
  test('can be stopped by name or all together, if the device offers it', async () => {
    const stopped: (readonly string[])[] = []
    await using rig = await startRig({
      association: QUIET,
      outstation: { onStopApplication: (names) => stopped.push(names) < 3 },
    })
    expectValue(await rig.association.ready())
    expectValue(await rig.association.stopApplication(['logger', 'trend']))
    expectValue(await rig.association.stopApplication())
    expect(await rig.association.stopApplication(['other'])).toMatchObject({ error: { code: 'refused' } })
    expect(stopped).toEqual([['logger', 'trend'], [], ['other']])
    await using without = await startRig({ association: QUIET })
    expectValue(await without.association.ready())
    const outcome = await without.association.stopApplication()
    expect(outcome.ok ? 0 : (outcome.error.iin ?? 0) & Iin.functionNotSupported).not.toBe(0)
  })
})

describe('settings', () => {
  test('of event classes determine which events are made', async () => {
    await using rig = await startRig({ association: QUIET })
    expectValue(await rig.association.ready())
    expectValue(await rig.association.assignClass(0, [{ group: 1 }]))
    expectValue(await rig.association.assignClass(1, [{ group: 30, start: 0, stop: 0 }]))
    rig.outstation.update('binary', 1, 1)
    rig.outstation.update('analog', 0, 300)
    expect(expectValue(await rig.association.classPoll([1])).events).toBe(1)
    expect(rig.received).toMatchObject([{ group: 32, index: 0, value: 300 }])
    expect(await rig.association.assignClass(1, [{ group: 33 }])).toMatchObject({ error: { code: 'refused' } })
  })

  test('of dead bands are written and read', async () => {
    await using rig = await startRig({ association: QUIET })
    expectValue(await rig.association.ready())
    expectValue(
      await rig.association.writeDeadbands([
        { index: 0, value: 50 },
        { index: 70_000, value: 2.5 },
      ]),
    )
    expect(expectValue(await rig.association.readDeadbands(0))).toEqual([{ index: 0, value: 50 }])
    expect(expectValue(await rig.association.readDeadbands())).toHaveLength(4)
    rig.outstation.update('analog', 0, 280)
    expect(rig.outstation.eventsHeld).toBe(0)
    expect(await rig.association.writeDeadbands([{ index: 9, value: 1 }])).toMatchObject({ error: { code: 'refused' } })
  })

  test('include device attributes, read one or all', async () => {
    await using rig = await startRig({
      association: QUIET,
      outstation: { attributes: { 252: 'Ringmain', 242: '1.0', 240: 2048, 217: -3, 218: 0.25 } },
    })
    expectValue(await rig.association.ready())
    expect(expectValue(await rig.association.readAttributes(252))).toMatchObject([
      { variation: 252, value: 'Ringmain' },
    ])
    const all = expectValue(await rig.association.readAttributes())
    expect(Object.fromEntries(all.map(({ variation, value }) => [variation, value]))).toEqual({
      252: 'Ringmain',
      242: '1.0',
      240: 2048,
      217: -3,
      218: 0.25,
    })
    expect(expectValue(await rig.association.readAttributes(255))).toMatchObject([{ variation: 255, type: 254 }])
    expect(await rig.association.readAttributes(200)).toMatchObject({ error: { code: 'refused' } })
  })
})

describe('polls', () => {
  test('run at their own pace, by class or by range, until removed', async () => {
    await using rig = await startRig({ association: QUIET })
    expectValue(await rig.association.ready())
    const byClass = rig.association.addPoll({ everyMs: 4, classes: [1, 2, 3] })
    const byRange = rig.association.addPoll({
      everyMs: 4,
      firstAfterMs: 0,
      headers: [{ group: 30, variation: 5, start: 0, stop: 1 }],
    })
    await expect.poll(() => Math.min(byClass.counters.succeeded, byRange.counters.succeeded)).toBeGreaterThan(2)
    byClass.remove()
    byRange.remove()
    await rig.association.idle()
    const before = rig.association.counters.requests
    await new Promise((resolve) => setTimeout(resolve, 15))
    expect(rig.association.counters.requests).toBe(before)
    expect(rig.received.length).toBe(2 * byRange.counters.succeeded)
  })

  test('by integrity bring every point', async () => {
    await using rig = await startRig({ association: QUIET })
    expectValue(await rig.association.ready())
    const poll = rig.association.addPoll({ everyMs: 1_000, firstAfterMs: 0, integrity: true })
    await expect.poll(() => poll.counters.succeeded).toBe(1)
    expect(rig.received).toHaveLength(MIXED_POINTS.length - 1)
  })
})
