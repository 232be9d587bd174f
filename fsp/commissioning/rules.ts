import type { CommissioningStep } from '../../schemas/fsp/commissioning.ts'
import type { ChargePointModel } from '../../schemas/fsp/depots.ts'

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

/**
 * The steps of a run: each set point at every socket, then the readings, the unlocking, and the reboot. Where a unit keeps the limit of one
 * socket at a time, all set points of one socket come before those of the next.
 */
export function stepsOf(
  model: Parameters<typeof sequenceOf>[0] & Pick<ChargePointModel, 'coupling'>,
  { connectors, unlock, reboot }: Tried,
): CommissioningStep[] {
  const tried: Pick<CommissioningStep, 'connector' | 'kind' | 'limitA' | 'expected'>[] = []
  const setPoint = (connector: number, limitA: number) =>
    tried.push({ connector, kind: 'set-point', limitA, expected: `accepted; ${drawExpected(limitA)}` })
  const measures = (connector: number) =>
    tried.push({
      connector,
      kind: 'measures',
      limitA: null,
      expected: 'a reading within two minutes; the current has risen with the set points',
    })
  const sequence = sequenceOf(model)
  if (model.coupling === 'one-at-a-time') {
    for (const connector of connectors) {
      for (const limitA of sequence) setPoint(connector, limitA)
      measures(connector)
    }
  } else {
    for (const limitA of sequence) for (const connector of connectors) setPoint(connector, limitA)
    for (const connector of connectors) measures(connector)
  }
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

/**
 * Why the currents of a socket that kept each set point show nothing all the same: a low limit of somebody else, or a vehicle that takes
 * little, stays within every one of them. `null`: they moved with the set points. Steps of one socket.
 */
export function flawOf(steps: readonly Pick<CommissioningStep, 'kind' | 'limitA' | 'measuredA'>[]): string | null {
  const drawn = steps.flatMap(({ kind, limitA, measuredA }) =>
    kind === 'set-point' && limitA !== null && limitA > 0 && measuredA !== null ? [{ limitA, measuredA }] : [],
  )
  const limits = drawn.map(({ limitA }) => limitA)
  const [lowA, highA] = [Math.min(...limits), Math.max(...limits)]
  if (limits.length === 0 || highA - lowA <= 2 * toleranceA) return null
  const measuredAt = (limit: number) => drawn.flatMap(({ limitA, measuredA }) => (limitA === limit ? [measuredA] : []))
  const mostA = Math.max(...measuredAt(highA))
  if (mostA > Math.min(...measuredAt(lowA)) + toleranceA) return null
  const atHigh = `${mostA.toFixed(1)} A at a limit of ${highA} A`
  return `the current did not rise with the set points (${atHigh}): look for another limit, or try a vehicle that takes more`
}

/** The state of a run whose steps are done: what was skipped for want of an answer fails it too. */
export function outcomeOf(steps: readonly CommissioningStep[]): 'passed' | 'failed' {
  return steps.every(({ verdict }) => verdict === 'passed') ? 'passed' : 'failed'
}
