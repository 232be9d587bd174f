import type { z } from 'zod'
import { ProblemError } from '../../../../platform/http/index.ts'
import { type MeterReadings, meterReadings } from '../../../../schemas/settlement/metering.ts'
import type { FieldError } from '../../../../schemas/vocabulary/problem.ts'

/** A reading as received. `place`: the line of a file, or the index in a list. */
export type GivenReading = MeterReadings['readings'][number] & { place: number }

/** Most faults that one answer lists; an upload with more is fixed in steps. */
export const maxFaults = 20

/** Faults of an upload, collected while it is read. A single fault means that nothing is stored. */
export class Intake {
  readonly faults: FieldError[] = []

  get isRefused(): boolean {
    return this.faults.length > 0
  }

  /** Whether enough faults are known to stop reading. */
  get isFull(): boolean {
    return this.faults.length >= maxFaults
  }

  refuse(field: string, message: string): void {
    if (!this.isFull) this.faults.push({ field, message })
  }

  /** Refuses the upload if it has any fault. */
  settle(): void {
    const [first] = this.faults
    if (first)
      throw new ProblemError('contract-broken', `${first.field}: ${first.message}. Nothing was stored.`, {
        errors: this.faults,
      })
  }
}

/** The members of an upload that apply to all of its readings. */
export const uploadHead = meterReadings.omit({ readings: true })
export type UploadHead = z.infer<typeof uploadHead>

/** An upload as it arrives: its readings, how to name one of them, and the members that apply to all, which may follow the readings. */
export interface Upload {
  readings: AsyncIterable<GivenReading>
  /** Names a reading, or its stamp. */
  fieldOf: (place: number, column?: 'at') => string
  head: () => UploadHead
}
