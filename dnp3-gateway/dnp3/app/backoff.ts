/** When to try again what was refused: at growing intervals. */
export class Backoff {
  private readonly minMs: number
  private readonly maxMs: number
  private failures = 0
  private dueMs = Number.NEGATIVE_INFINITY

  /** The first wait, which doubles with each further failure up to the longest, in ms. */
  constructor(minMs: number, maxMs: number) {
    this.minMs = minMs
    this.maxMs = maxMs
  }

  isDue(nowMs: number): boolean {
    // A clock that was set back would make the wait endless.
    return nowMs >= this.dueMs || nowMs < this.dueMs - this.maxMs
  }

  /** Notes a failure; returns whether it is the first since the last success. */
  failed(nowMs: number): boolean {
    this.dueMs = nowMs + Math.min(this.maxMs, this.minMs * 2 ** this.failures++)
    return this.failures === 1
  }

  succeeded(): void {
    this.failures = 0
    this.dueMs = Number.NEGATIVE_INFINITY
  }
}
