import type { Quality } from '../../schemas/grid/measurements.ts'

interface Sent {
  value: number
  quality: Quality
  atMs: number
}

/**
 * Leaves out polled values that have hardly moved: if most points stand still, a fleet sends a fraction of its values. A value is sent if
 * it has moved by more than its dead band since the last one sent, if its quality has changed, and at least at every second poll, so that a
 * point at rest is never mistaken for a lost one.
 */
export class DeadBandFilter {
  /** Values left out so far. */
  leftOut = 0
  #holdMs: number
  readonly #sent = new Map<number, Sent>()

  constructor(integrityPollS: number) {
    this.#holdMs = holdOf(integrityPollS)
  }

  /** Whether to send a value; if so, remembers it as sent. */
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

  /** What was sent got lost: send the next value of each point. */
  forget(): void {
    this.#sent.clear()
  }
}

/** Between one and two intervals, so that a poll slightly early or late makes no difference. */
function holdOf(integrityPollS: number): number {
  return 1_500 * integrityPollS
}
