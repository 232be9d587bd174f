import type { z } from 'zod'
import { ProblemError } from '../../../platform/http/index.ts'
import { type MeterReadings, meterReadings } from '../../../schemas/settlement/metering.ts'
import type { FieldError } from '../../../schemas/vocabulary/problem.ts'

/** A reading as it came. `place`: the line of a file, or the index in a list. */
export type GivenReading = MeterReadings['readings'][number] & { place: number }

/** Most faults that one answer names: an upload that has more is mended in steps. */
export const maxFaults = 20

/** What is wrong with an upload, gathered while it is read. With a single fault nothing of it is stored. */
export class Intake {
  readonly faults: FieldError[] = []

  get isRefused(): boolean {
    return this.faults.length > 0
  }

  /** Whether there is no use in reading on. */
  get isFull(): boolean {
    return this.faults.length >= maxFaults
  }

  refuse(field: string, message: string): void {
    if (!this.isFull) this.faults.push({ field, message })
  }

  /** Ends the upload if anything was wrong with it. */
  settle(): void {
    const [first] = this.faults
    if (first)
      throw new ProblemError('contract-broken', `${first.field}: ${first.message}. Nothing was stored.`, {
        errors: this.faults,
      })
  }
}

/** What an upload says of all of its readings. */
export const uploadHead = meterReadings.omit({ readings: true })
export type UploadHead = z.infer<typeof uploadHead>

/** An upload as it arrives: its readings, how to name one of them, and what is said of all, which may come after them. */
export interface Upload {
  readings: AsyncIterable<GivenReading>
  /** Its place, or its stamp there. */
  fieldOf: (place: number, column?: 'at') => string
  head: () => UploadHead
}
