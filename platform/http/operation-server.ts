import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Context, Env } from 'hono'
import { isFile, type Operation } from '../../schemas/vocabulary/operation.ts'
import { respond } from './answers.ts'
import { type RouteFrame, type RouteOptions, routeOf } from './operation-route.ts'
import { ProblemError } from './problems.ts'
import { requireStorable } from './storable.ts'

/** The input of a request: parameters, query and body as parsed by the operation's schemas; a file, or a stream, as it arrives. */
export interface Given {
  params: unknown
  query: unknown
  body: unknown
}

/** Serves an operation: adds its route to the document, validates its requests, and sends what `run` answers in the promised form. */
export function serveOperation<E extends Env>(
  router: OpenAPIHono<E>,
  stated: Operation,
  frame: RouteFrame,
  run: (c: Context<E>) => Promise<unknown>,
  options: RouteOptions = {},
): void {
  const { documented, served } = routeOf(stated, frame, options)
  if (options.isStreamed) router.openAPIRegistry.registerPath(documented)
  router.openapi(served, (async (c: Context<E>) => {
    for (const part of ['param', 'query', 'json'] as const) requireStorable(c.req.valid(part as never))
    return respond(c, stated, await run(c))
  }) as never)
}

/** Reads the input of a validated request. Throws a problem if a file is promised and the body is empty. */
export function givenOf(stated: Operation, c: Context): Given {
  const read = (part: 'param' | 'query' | 'json') => c.req.valid(part as never) as unknown
  return {
    params: stated.params ? read('param') : undefined,
    query: stated.query ? read('query') : undefined,
    get body() {
      return bodyOf(stated, c, read)
    },
  }
}

function bodyOf(stated: Operation, c: Context, read: (part: 'json') => unknown): unknown {
  if (!stated.body) return undefined
  const parsed = isFile(stated.body) ? undefined : read('json')
  if (parsed !== undefined) return parsed
  const { body } = c.req.raw
  if (body) return body
  throw new ProblemError('malformed', 'The body is empty: send the file as the body.')
}
