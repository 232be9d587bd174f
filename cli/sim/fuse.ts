/** Where a process is to lose its ways: at its n-th message from now on, before it is passed on or after. */
export interface CutPoint {
  readonly messages: number
  readonly when: 'before' | 'after'
}

/** A message at which something is to happen. */
export interface Reached {
  readonly when: CutPoint['when']
  happen(): void
}

/** The way of a process to what it works with: it can be cut between any two messages. */
export interface Way {
  /** Cuts all connections at a message to come, and calls `reached` then; new ones are let through unless `reached` closes the way. */
  cutAt(point: CutPoint, reached: () => void): void
  /** Cuts all connections and lets none through any more. */
  shut(): void
  close(): Promise<void>
}

/** Counts the messages of a process, over however many connections, up to one at which something is to happen. */
export class Fuse {
  #armed: { left: number; reached: Reached } | null = null

  arm({ messages, when }: CutPoint, happen: () => void): void {
    this.#armed = { left: messages, reached: { when, happen } }
  }

  /** Counts a message; `null`: it passes like any other. */
  count(): Reached | null {
    const armed = this.#armed
    if (!armed || --armed.left > 0) return null
    this.#armed = null
    return armed.reached
  }
}
