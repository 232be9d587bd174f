import type { ReadableStream } from 'node:stream/web'
import { type ParsedTokenInfo, Tokenizer, TokenParser, TokenType } from '@streamparser/json'
import { fieldErrorsOf, ProblemError, requireStorable } from '../../../../platform/http/index.ts'
import { meterReading } from '../../../../schemas/settlement/metering.ts'
import { type GivenReading, type Intake, type UploadHead, uploadHead } from './intake.ts'

/** Most bytes that the parser buffers without completing a reading. Beyond this the body is malformed. */
const maxIncompleteBytes = 100_000
/** Readings are at depth 2. No upload nests much deeper, and each open level adds time to every value. */
const maxDepth = 20

/**
 * An upload as JSON, read as it arrives and never held whole. Readings arrive one by one; the members around them, in any order, are
 * complete at the end.
 */
export class JsonUpload {
  readonly readings: AsyncGenerator<GivenReading>
  readonly #members: Record<string, unknown> = {}

  constructor(body: ReadableStream<Uint8Array>, intake: Intake) {
    this.readings = this.#read(body, intake)
  }

  /** The members that apply to all readings; complete after the last reading. */
  head(): UploadHead {
    const found = uploadHead.safeParse(this.#members)
    if (found.success) {
      requireStorable(found.data)
      return found.data
    }
    const errors = fieldErrorsOf(found.error)
    throw new ProblemError('contract-broken', `${errors[0]?.field}: ${errors[0]?.message}`, { errors })
  }

  async *#read(body: ReadableStream<Uint8Array>, intake: Intake): AsyncGenerator<GivenReading> {
    const parser = new UploadParser(this.#members)
    let place = 0
    for await (const chunk of body)
      for (const value of parser.read(chunk)) {
        const given = readingOf(value, place++, intake)
        if (given) yield given
      }
    parser.end()
    if (!parser.hasReadings && !intake.isRefused) intake.refuse('readings', 'is missing: "readings" has to be an array')
    if (parser.hasReadings && place === 0) intake.refuse('readings', 'has no readings')
  }
}

/** Parses bytes and returns the readings that they complete; other members go into `members`. */
class UploadParser {
  hasReadings = false
  #depth = 0
  #lastText: unknown
  #silence = 0
  #complete: unknown[] = []
  readonly #tokenizer = new Tokenizer()
  readonly #values = new TokenParser({
    paths: ['$.readings.*', ...Object.keys(uploadHead.shape).map((name) => `$.${name}`)],
    keepStack: false,
  })

  constructor(members: Record<string, unknown>) {
    this.#tokenizer.onToken = (token) => {
      this.#follow(token)
      this.#values.write(token)
    }
    this.#values.onValue = ({ value, key, parent, stack }) => {
      if (stack.length === 1) members[String(key)] = value
      else if (Array.isArray(parent)) this.#complete.push(value)
    }
  }

  read(chunk: Uint8Array): unknown[] {
    this.#complete = []
    orMalformed(() => this.#tokenizer.write(chunk))
    this.#silence = this.#complete.length > 0 ? 0 : this.#silence + chunk.length
    if (this.#silence > maxIncompleteBytes) throw malformed()
    return this.#complete
  }

  end(): void {
    orMalformed(() => this.#tokenizer.end())
    if (!this.#values.isEnded) throw malformed()
  }

  /** Notes where the list of readings begins. Refuses a second list and excessive nesting. */
  #follow({ token, value }: ParsedTokenInfo): void {
    if (token === TokenType.STRING) this.#lastText = value
    if (token === TokenType.RIGHT_BRACE || token === TokenType.RIGHT_BRACKET) this.#depth--
    if (token !== TokenType.LEFT_BRACE && token !== TokenType.LEFT_BRACKET) return
    if (token === TokenType.LEFT_BRACKET && this.#depth === 1 && this.#lastText === 'readings') {
      if (this.hasReadings) throw malformed()
      this.hasReadings = true
    }
    if (++this.#depth > maxDepth) throw malformed()
  }
}

function readingOf(value: unknown, place: number, intake: Intake): GivenReading | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed()
  const found = meterReading.safeParse(value)
  if (found.success) return { place, ...found.data }
  for (const { field, message } of fieldErrorsOf(found.error)) intake.refuse(`readings[${place}].${field}`, message)
  return null
}

function orMalformed(work: () => void): void {
  try {
    work()
  } catch {
    throw malformed()
  }
}

const malformed = () => new ProblemError('malformed', 'Malformed JSON in request body')
