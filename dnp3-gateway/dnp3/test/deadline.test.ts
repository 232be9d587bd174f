import { describe, expect, test } from 'vitest'
import { Deadline } from '../app/deadline.ts'

/** Timers on a hand-driven clock, with or without a readable time scale. */
function virtualTimers(withScale: boolean) {
  let clock = 0
  let set = 0
  const running = new Map<number, { at: number; callback: () => void }>()
  return {
    timers: {
      set: (ms: number, callback: () => void) => {
        running.set(++set, { at: clock + ms, callback })
        return set
      },
      clear: (handle: unknown) => void running.delete(handle as number),
      ...(withScale ? { now: () => clock } : {}),
    },
    /** How many timers have been set. */
    made: () => set,
    running: () => running.size,
    advance: (ms: number) => {
      for (const end = clock + ms; clock < end; ) {
        clock++
        for (const [id, { at, callback }] of [...running]) {
          if (at > clock) continue
          running.delete(id)
          callback()
        }
      }
    },
  }
}

describe.each([
  ['timers with a readable clock', true],
  ['timers without one', false],
] as const)('a deadline on %s', (_, withScale) => {
  test('expires once, at its time and not before', () => {
    const { timers, advance } = virtualTimers(withScale)
    let passed = 0
    const deadline = new Deadline(timers, () => passed++)
    deadline.set(100)
    advance(99)
    expect([passed, deadline.isSet]).toEqual([0, true])
    advance(1)
    expect([passed, deadline.isSet]).toEqual([1, false])
    advance(1_000)
    expect(passed).toBe(1)
  })

  test('counts from when it was last set', () => {
    const { timers, advance } = virtualTimers(withScale)
    let passed = 0
    const deadline = new Deadline(timers, () => passed++)
    for (let i = 0; i < 50; i++) {
      deadline.set(100)
      advance(70)
      if (i % 2 === 0) deadline.clear()
    }
    expect(passed).toBe(0)
    advance(29)
    expect(passed).toBe(0)
    advance(1)
    expect(passed).toBe(1)
  })

  test('does nothing once cleared, and leaves no timer once ended', () => {
    const { timers, advance, running } = virtualTimers(withScale)
    const deadline = new Deadline(timers, () => expect.unreachable('it was cleared'))
    deadline.set(100)
    deadline.clear()
    advance(500)
    deadline.set(100)
    deadline.end()
    expect([running(), deadline.isSet]).toEqual([0, false])
    advance(500)
  })
})

test('a deadline that moves with every message rarely sets a timer if the timers have a readable clock', () => {
  const { timers, advance, made } = virtualTimers(true)
  const deadline = new Deadline(timers, () => expect.unreachable('every message came in time'))
  for (let i = 0; i < 1_000; i++) {
    deadline.set(100)
    advance(10)
    deadline.clear()
  }
  expect(made()).toBeLessThan(150)
})
