import { type Hook, OpenAPIHono } from '@hono/zod-openapi'
import type { Context, Next } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import type { ZodError, ZodType } from 'zod'
import type { FieldError } from '../../schemas/vocabulary/problem.ts'
import type { Log } from '../log/index.ts'
import { fieldPath } from './field-path.ts'
import { ProblemError } from './problems.ts'
import { mayHoldUnstorable, requireStorable } from './storable.ts'

/** The fields that break a contract. */
export function fieldErrorsOf(error: ZodError): FieldError[] {
  return error.issues.map((issue) => ({ field: fieldPath(issue.path), message: issue.message }))
}

// biome-ignore lint/suspicious/noExplicitAny: the hook serves every environment and input alike
const refuseBrokenContracts: Hook<any, any, any, any> = (result) => {
  if (!result.success) throw contractBroken(result.error)
}

function contractBroken(error: ZodError): ProblemError {
  const errors = fieldErrorsOf(error)
  const first = errors[0]
  const detail = first ? `${first.field}: ${first.message}` : 'The request does not fit its contract'
  return new ProblemError('contract-broken', detail, { errors })
}

/**
 * Reads a JSON body that the contract alone would take too long to check. What `isPlain` recognises is accepted unchecked; everything
 * else is checked by the contract, and so answered as by every other route.
 */
export async function readJson<T>(c: Context, contract: ZodType<T>, isPlain: (body: unknown) => body is T): Promise<T> {
  const isJson = /^application\/([\w.-]+\+)?json\s*(;|$)/i.test(c.req.header('content-type') ?? '')
  const text = isJson ? await c.req.text() : '{}'
  const body = parsedJson(text)
  if (mayHoldUnstorable(text)) requireStorable(body)
  if (isPlain(body)) return body
  const read = contract.safeParse(body)
  if (!read.success) throw contractBroken(read.error)
  return read.data
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new ProblemError('malformed', 'Malformed JSON in request body')
  }
}

/** A router for the routes of one slice. It answers 422 with the field's name if the input breaks a contract. */
export function createRouter<Variables extends object = object>(): OpenAPIHono<{ Variables: Variables }> {
  return new OpenAPIHono<{ Variables: Variables }>({ defaultHook: refuseBrokenContracts })
}

/** Limits of request bodies: those that are read into memory, and files, which are read as they arrive. */
export interface BodyLimits {
  jsonBytes: number
  fileBytes: number
}

/** A file of a million rows has about 100 MB. */
const defaultLimits: BodyLimits = { jsonBytes: 32 * 1024 * 1024, fileBytes: 256 * 1024 * 1024 }

/** The outermost router of an API: answers every failure with a problem, and limits the size of bodies. */
export function createApi<Variables extends object = object>(log: Log, limits: BodyLimits = defaultLimits) {
  const api = createRouter<Variables>()
  const inMemory = bodyLimit({
    maxSize: limits.jsonBytes,
    onError: (c) => tooLarge(limits.jsonBytes).toResponse(c.req.path),
  })
  api.use((c, next) => (isFile(c.req.raw) ? boundFile(c, next, limits.fileBytes) : inMemory(c, next)))
  api.notFound((c) =>
    new ProblemError('not-found', `${c.req.method} ${c.req.path} is not part of this API.`).toResponse(c.req.path),
  )
  api.onError((error, c) => {
    if (error instanceof ProblemError) return error.toResponse(c.req.path)
    if (error instanceof HTTPException && error.status < 500)
      return new ProblemError('malformed', error.message).toResponse(c.req.path)
    log.error({ err: error, method: c.req.method, path: c.req.path }, 'request failed')
    return new ProblemError('internal', 'The request failed; the server’s log has the cause.').toResponse(c.req.path)
  })
  return api
}

function tooLarge(bytes: number): ProblemError {
  return new ProblemError('too-large', `A request may have at most ${bytes} bytes.`)
}

/** Whether a body is a file that its route reads as it arrives: only CSV is. */
function isFile(request: Request): boolean {
  return /^text\/csv\s*(;|$)/i.test(request.headers.get('content-type') ?? '')
}

/** Limits the size of a file without buffering it: by its stated length, otherwise by counting bytes as they pass. */
async function boundFile(c: Context, next: Next, most: number): Promise<void> {
  const { body, headers } = c.req.raw
  if (Number(headers.get('content-length') ?? 0) > most) throw tooLarge(most)
  if (body && !headers.has('content-length')) {
    let size = 0
    const counted = body.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          size += chunk.length
          if (size > most) controller.error(tooLarge(most))
          else controller.enqueue(chunk)
        },
      }),
    )
    c.req.raw = new Request(c.req.raw, { body: counted, duplex: 'half' } as RequestInit)
  }
  await next()
}
