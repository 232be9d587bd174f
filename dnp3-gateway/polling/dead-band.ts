import type { Quality } from '../../schemas/grid/measurements.ts'

interface Sent {
  value: number
  quality: Quality
  atMs: number
}

/**
 * Leaves out polled values that have hardly moved: a fleet whose points mostly stand still sends a fraction. A value goes when it has
 * moved by more than its dead band since the last one sent, when its quality has changed, and at every second poll in any case, so that a
 * point at rest is never taken for one that is lost.
 */
export class DeadBandFilter {
  /** Values left out so far. */
  leftOut = 0
  #holdMs: number
  readonly #sent = new Map<number, Sent>()

  constructor(integrityPollS: number) {
    this.#holdMs = holdOf(integrityPollS)
  }

  /** Whether a value is to be sent; if so it is remembered as sent. */
  passes(point: number, deadBand: number, value: number, quality: Quality, atMs: number): boolean {
    const last = this.#sent.get(point)
    if (
      last &&
      last.quality === quality &&
      Math.abs(value - last.value) <= deadBand &&
      atMs - last.atMs < this.#holdMs
    ) {
      this.leftOut++
      return false
    }
    this.#sent.set(point, { value, quality, atMs })
    return true
  }

  setInterval(integrityPollS: number): void {
    this.#holdMs = holdOf(integrityPollS)
  }

  /** What was sent did not arrive anywhere: the next value of each point goes. */
  forget(): void {
    this.#sent.clear()
  }
}

/** More than one interval and less than two: a poll that comes a little early or late changes nothing. */
function holdOf(integrityPollS: number): number {
  return 1_500 * integrityPollS
}
