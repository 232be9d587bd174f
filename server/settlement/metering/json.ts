import type { z } from 'zod'
import { fieldErrorsOf, ProblemError } from '../../../platform/http/index.ts'
import { meterReading, meterReadings } from '../../../schemas/settlement/metering.ts'
import type { GivenReading, Intake } from './given.ts'

/** What an upload says of all of its readings. */
export const uploadHead = meterReadings.omit({ readings: true })
export type UploadHead = z.infer<typeof uploadHead>

const name = '"readings"'

/** Where the array of readings begins: at the top of the object, under its name. */
const opensReadings = (head: string) => /[{,]\s*"readings"\s*:\s*$/.test(head)

/** An object longer than this is no reading. */
const longestReading = 10_000
const longestHead = 100_000

/**
 * An upload as JSON, read as it arrives and never held as a whole: readings are given one by one, and what stands around them in whatever
 * order is there at the end.
 */
export class JsonUpload {
  readonly readings: AsyncGenerator<GivenReading>
  #head = ''

  constructor(body: ReadableStream<Uint8Array>, intake: Intake) {
    this.readings = this.#read(body, intake)
  }

  /** What the upload says of all of its readings; after the last of them. */
  head(): UploadHead {
    const found = uploadHead.safeParse(parse(this.#head))
    if (found.success) return found.data
    const errors = fieldErrorsOf(found.error)
    throw new ProblemError('contract-broken', `${errors[0]?.field}: ${errors[0]?.message}`, { errors })
  }

  async *#read(body: ReadableStream<Uint8Array>, intake: Intake): AsyncGenerator<GivenReading> {
    const decoder = new TextDecoder()
    let [depth, place, reading, isString, isEscaped, hasReadings] = [0, 0, '', false, false, false]
    let isWithin = false
    for await (const chunk of body) {
      for (const char of decoder.decode(chunk, { stream: true })) {
        const isStructure = !isString
        if (isEscaped) isEscaped = false
        else if (isString && char === '\\') isEscaped = true
        else if (char === '"') isString = !isString
        if (isWithin && isStructure && depth === 2 && char !== '{') {
          // Between two readings: only commas and space may stand there.
          if (char === ']') {
            depth--
            isWithin = false
            this.#head += ']'
          } else if (!/[\s,]/.test(char)) throw malformed()
          continue
        }
        if (isWithin) {
          if (isStructure && char === '{') depth++
          if (isStructure && char === '}') depth--
          reading += char
          if (reading.length > longestReading) throw malformed()
          if (depth > 2) continue
          const given = readingOf(parse(reading), place++, intake)
          reading = ''
          if (given) yield given
          continue
        }
        if (isStructure && char === '[' && depth === 1 && opensReadings(this.#head)) {
          isWithin = true
          if (hasReadings) throw malformed()
          hasReadings = true
        }
        if (isStructure && (char === '{' || char === '[')) depth++
        if (isStructure && (char === '}' || char === ']')) depth--
        this.#head += char
        if (this.#head.length > longestHead) throw malformed()
      }
    }
    if (!hasReadings && !intake.isRefused) intake.refuse('readings', `is missing: ${name} has to be an array`)
    if (hasReadings && place === 0) intake.refuse('readings', 'has no readings')
  }
}

function readingOf(value: unknown, place: number, intake: Intake): GivenReading | null {
  const found = meterReading.safeParse(value)
  if (found.success) return { place, ...found.data }
  for (const { field, message } of fieldErrorsOf(found.error)) intake.refuse(`readings[${place}].${field}`, message)
  return null
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw malformed()
  }
}

const malformed = () => new ProblemError('malformed', 'Malformed JSON in request body')
