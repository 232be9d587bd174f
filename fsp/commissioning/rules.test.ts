import { expect, test } from 'vitest'
import { flawOf, isFollowed, outcomeOf, sequenceOf, stepsOf } from './rules.ts'

const alfen = { maxCurrentA: 32, minCurrentA: 6, canPause: true, coupling: 'independent' as const }
const evolt = { ...alfen, canPause: false, coupling: 'one-at-a-time' as const }

test('FAT01 FAT05 the sequence is that of the trial; a model that does not take 0 A is never sent it', () => {
  expect(sequenceOf(alfen)).toEqual([32, 16, 8, 0, 18, 10, 32])
  expect(sequenceOf(evolt)).toEqual([32, 16, 8, 18, 10, 32])
  expect(sequenceOf({ ...alfen, maxCurrentA: 16 })).toEqual([16, 16, 8, 0, 16, 10, 16])
})

test('FAT04 I17 both sockets get each set point; what ends charges comes last', () => {
  const steps = stepsOf({ ...evolt, coupling: 'independent' }, { connectors: [1, 2], unlock: true, reboot: true })
  expect(steps.map(({ connector, kind, limitA }) => [kind, connector, limitA])).toEqual([
    ...[32, 16, 8, 18, 10, 32].flatMap((ampere) => [
      ['set-point', 1, ampere],
      ['set-point', 2, ampere],
    ]),
    ['measures', 1, null],
    ['measures', 2, null],
    ['unlock', 1, null],
    ['unlock', 2, null],
    ['reboot', null, null],
  ])
})

test('FAT05 FAT06 a unit that keeps the limit of one socket at a time is tried one socket after the other', () => {
  const steps = stepsOf(evolt, { connectors: [1, 2], unlock: false, reboot: true })
  expect(steps.map(({ connector, limitA }) => [connector, limitA])).toEqual([
    ...[32, 16, 8, 18, 10, 32, null].map((limitA) => [1, limitA]),
    ...[32, 16, 8, 18, 10, 32, null].map((limitA) => [2, limitA]),
    [null, null],
  ])
})

test('I17 a current that is the same at 32 A as at 8 A shows nothing, though it kept to both; 0 A does not count', () => {
  const at = (limitA: number, measuredA: number | null) => ({ kind: 'set-point' as const, limitA, measuredA })
  expect(flawOf([at(32, 6), at(16, 6), at(8, 6), at(0, 0), at(32, 6.5)])).toBe(
    'the current did not rise with the set points (6.5 A at a limit of 32 A): look for another limit, or try a vehicle that takes more',
  )
  expect(flawOf([at(32, 6), at(8, 8), at(32, 16)])).toBeNull()
  expect([flawOf([]), flawOf([at(32, null), at(8, 8)]), flawOf([at(8, 8), at(6, 6)])]).toEqual([null, null, null])
})

test('I17 a current follows a set point within an ampere, and a vehicle that may charge does', () => {
  expect([isFollowed(16, 17), isFollowed(16, 17.1), isFollowed(16, 0), isFollowed(0, 0), isFollowed(0, 1.5)]).toEqual([
    true,
    false,
    false,
    true,
    false,
  ])
})

test('I17 a run passes only if every step does', () => {
  const [step] = stepsOf(alfen, { connectors: [1], unlock: false, reboot: false })
  if (!step) throw new Error('no step')
  expect(outcomeOf([{ ...step, verdict: 'passed' }])).toBe('passed')
  expect(
    outcomeOf([
      { ...step, verdict: 'passed' },
      { ...step, verdict: 'skipped' },
    ]),
  ).toBe('failed')
})
