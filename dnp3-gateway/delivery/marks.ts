import { join } from 'node:path'
import { readIfThere, replaceFile } from './files.ts'

/** How far a hub has come: the last sequence given, and the last that is settled. */
export interface Mark {
  last: number
  settled: number
}

/** How far each hub has come, in a file of its own: segments that showed it are removed when they are settled. */
export class Marks {
  readonly #file: string
  readonly #marks: Map<string, Mark>
  /** The last sequence of a hub that nothing is known of. */
  #unknown = 0

  constructor(folder: string) {
    this.#file = join(folder, 'sequences.json')
    const stored: Record<string, Mark> = JSON.parse(readIfThere(this.#file) ?? '{}')
    this.#marks = new Map(Object.entries(stored))
  }

  of(hubId: string): Mark {
    const known = this.#marks.get(hubId)
    if (known) return known
    const mark = { last: this.#unknown, settled: 0 }
    this.#marks.set(hubId, mark)
    return mark
  }

  /** A sequence has been given, here or by the gateway that the server had it from. */
  give(hubId: string, sequence: number): void {
    const mark = this.of(hubId)
    mark.last = Math.max(mark.last, sequence)
  }

  /** The server has, or will never take, everything up to a sequence. */
  settle(hubId: string, sequence: number): void {
    const mark = this.of(hubId)
    mark.settled = Math.max(mark.settled, sequence)
  }

  /** Passes over a number of sequences of every hub: that many may have been given, and be known to the server alone. */
  skip(sequences: number): void {
    this.#unknown = sequences
    for (const mark of this.#marks.values()) mark.last += sequences
  }

  save(): void {
    replaceFile(this.#file, JSON.stringify(Object.fromEntries(this.#marks)))
  }
}
