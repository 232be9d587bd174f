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

  constructor(folder: string) {
    this.#file = join(folder, 'sequences.json')
    const stored: Record<string, Mark> = JSON.parse(readIfThere(this.#file) ?? '{}')
    this.#marks = new Map(Object.entries(stored))
  }

  of(hubId: string): Mark {
    const known = this.#marks.get(hubId)
    if (known) return known
    const mark = { last: 0, settled: 0 }
    this.#marks.set(hubId, mark)
    return mark
  }

  /** A sequence has been given, here or by whoever the server had it from. */
  give(hubId: string, sequence: number): void {
    const mark = this.of(hubId)
    mark.last = Math.max(mark.last, sequence)
  }

  /** The server has, or will never take, everything up to a sequence. */
  settle(hubId: string, sequence: number): void {
    const mark = this.of(hubId)
    mark.settled = Math.max(mark.settled, sequence)
  }

  save(): void {
    replaceFile(this.#file, JSON.stringify(Object.fromEntries(this.#marks)))
  }
}
