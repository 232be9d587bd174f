import type { CommissioningStep } from '../../schemas/fsp/commissioning.ts'

/** What a commissioning run tries, and what it takes to pass: pure rules (report sections 3.3.2 and 9.1). */

/** The factory acceptance sequence for a model that takes 0 A, A; one that does not is never sent it. */
const sequenceA = [32, 16, 8, 0, 18, 10, 32] as const

/** A set point may draw this much more than it says, A: meters are not exact. */
export const toleranceA = 1
/** A step waits so long for a reading that shows it, ms: meters are read every minute or two. */
export const stepMs = 5 * 60_000
/** Longest that a charge point may be away for a reboot, ms. */
export const rebootMs = 10 * 60_000

interface Tried {
  connectors: readonly number[]
  unlock: boolean
  reboot: boolean
}

/** The set points for a model, A. */
export function sequenceOf(model: { maxCurrentA: number; minCurrentA: number; canPause: boolean }): number[] {
  return sequenceA
    .filter((ampere) => ampere > 0 || model.canPause)
    .map((ampere) => (ampere === 0 ? 0 : Math.max(model.minCurrentA, Math.min(ampere, model.maxCurrentA))))
}

/** The steps of a run: each set point at every socket, one after the other, then the readings, the unlocking, and the reboot. */
export function stepsOf(
  model: { maxCurrentA: number; minCurrentA: number; canPause: boolean },
  { connectors, unlock, reboot }: Tried,
): CommissioningStep[] {
  const tried: Pick<CommissioningStep, 'connector' | 'kind' | 'limitA' | 'expected'>[] = []
  for (const limitA of sequenceOf(model))
    for (const connector of connectors)
      tried.push({ connector, kind: 'set-point', limitA, expected: `accepted; ${drawExpected(limitA)}` })
  for (const connector of connectors)
    tried.push({ connector, kind: 'measures', limitA: null, expected: 'a reading within two minutes' })
  if (unlock)
    for (const connector of connectors) tried.push({ connector, kind: 'unlock', limitA: null, expected: 'unlocked' })
  if (reboot)
    tried.push({ connector: null, kind: 'reboot', limitA: null, expected: 'accepted, and back within 10 min' })
  return tried.map((step, i) => ({
    number: i + 1,
    ...step,
    startedAt: null,
    endedAt: null,
    response: null,
    latencyMs: null,
    effectMs: null,
    measuredA: null,
    verdict: 'waiting',
    reason: null,
  }))
}

function drawExpected(limitA: number): string {
  return limitA === 0 ? 'nothing is drawn' : `more than 0 and at most ${limitA + toleranceA} A are drawn`
}

/** Whether a current shows that a set point is followed: within it, and a vehicle that may charge does. */
export function isFollowed(limitA: number, currentA: number): boolean {
  if (currentA > limitA + toleranceA) return false
  return limitA === 0 || currentA > 0
}

/** The state of a run whose steps are done: what was skipped for want of an answer fails it too. */
export function outcomeOf(steps: readonly CommissioningStep[]): 'passed' | 'failed' {
  return steps.every(({ verdict }) => verdict === 'passed') ? 'passed' : 'failed'
}
