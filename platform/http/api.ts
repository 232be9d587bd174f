import { type Hook, OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ZodError, ZodType } from 'zod'
import type { FieldError } from '../../schemas/vocabulary/problem.ts'
import type { Log } from '../log/index.ts'
import { fieldPath } from './field-path.ts'
import { lackOf } from './lacks.ts'
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

/** The outermost router of an API: answers every failure with a problem. Each operation limits the size of its own bodies. */
export function createApi<Variables extends object = object>(log: Log) {
  const api = createRouter<Variables>()
  api.notFound((c) =>
    new ProblemError('not-found', `${c.req.method} ${c.req.path} is not part of this API.`).toResponse(c.req.path),
  )
  api.onError((error, c) => {
    if (error instanceof ProblemError) return error.toResponse(c.req.path)
    if (error instanceof HTTPException && error.status < 500)
      return new ProblemError('malformed', error.message).toResponse(c.req.path)
    log.error({ err: error, method: c.req.method, path: c.req.path }, 'request failed')
    const lack = lackOf(error)
    if (lack) return lack.toResponse(c.req.path)
    return new ProblemError('internal', 'The request failed; the server’s log has the cause.').toResponse(c.req.path)
  })
  return api
}
