import { expect, test } from 'vitest'
import { isFollowed, outcomeOf, sequenceOf, stepsOf } from './rules.ts'

const alfen = { maxCurrentA: 32, minCurrentA: 6, canPause: true }
const evolt = { ...alfen, canPause: false }

test('FAT01 FAT05 the sequence is that of the trial; a model that does not take 0 A is never sent it', () => {
  expect(sequenceOf(alfen)).toEqual([32, 16, 8, 0, 18, 10, 32])
  expect(sequenceOf(evolt)).toEqual([32, 16, 8, 18, 10, 32])
  expect(sequenceOf({ ...alfen, maxCurrentA: 16 })).toEqual([16, 16, 8, 0, 16, 10, 16])
})

test('FAT04 I17 both sockets get each set point; what ends charges comes last', () => {
  const steps = stepsOf(evolt, { connectors: [1, 2], unlock: true, reboot: true })
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
