import { createRoute, type RouteConfig, z } from '@hono/zod-openapi'
import type { MiddlewareHandler } from 'hono'
import { type FileContent, isFile, type Operation } from '../../schemas/vocabulary/operation.ts'
import { type ProblemKind, problem } from '../../schemas/vocabulary/problem.ts'
import { boundBody } from './body-limit.ts'
import { problemResponses } from './problem-responses.ts'

/** What an API adds to an operation: how callers authenticate, and the problems that refuse them. */
export interface RouteFrame {
  /** The name of the operation, unlike any other of the API. */
  operationId?: string
  /** Appended to the operation's own description. */
  needs?: string
  security?: Record<string, string[]>[]
  /** Problems of every operation with this access rule. */
  problems: readonly ProblemKind[]
  /** Further members of the OpenAPI operation. */
  extensions?: Record<string, unknown>
  middleware?: MiddlewareHandler
  /** Description of a successful answer in the document; by default `Done`. */
  done?: string
  /** Only the stated problems occur: the document has no `default` response. */
  isComplete?: true
}

/** Whether the route reads the body itself, as it arrives, instead of getting it parsed. The document does not differ. */
export interface RouteOptions {
  isStreamed?: boolean
}

/** An operation as a route of an OpenAPI router; its document and its validation are derived from the operation. */
export function routeOf(stated: Operation, frame: RouteFrame, options: RouteOptions = {}) {
  const request = requestOf(stated)
  const kinds = [...frame.problems, ...problemsOfContract(stated), ...(stated.problems ?? [])]
  const config = {
    method: stated.method,
    path: stated.path,
    tags: [...stated.tags],
    summary: stated.summary,
    ...(frame.operationId === undefined ? {} : { operationId: frame.operationId }),
    ...frame.extensions,
    ...describe(stated.description, frame.needs),
    ...(frame.security ? { security: frame.security } : {}),
    // The order matters: a caller who is not admitted has nothing read.
    middleware: [...(frame.middleware ? [frame.middleware] : []), boundBody(stated)],
    request,
    responses: { ...responsesOf(stated, frame), ...problemResponses(kinds) },
  }
  const documented = createRoute(config as unknown as RouteConfig)
  if (!options.isStreamed) return { documented, served: documented }
  const { body: _, ...unread } = request
  return {
    documented,
    served: createRoute({ ...config, request: unread, hide: true } as unknown as RouteConfig & { hide: true }),
  }
}

function describe(own: string | undefined, needs: string | undefined): { description?: string } {
  const description = [own, needs && `Needs ${needs}.`].filter(Boolean).join('\n\n')
  return description ? { description } : {}
}

function requestOf(stated: Operation) {
  const headers = headersOf(stated)
  return {
    ...(stated.params ? { params: stated.params } : {}),
    ...(stated.query ? { query: stated.query } : {}),
    ...(headers ? { headers } : {}),
    ...(stated.body ? { body: { content: contentOf(stated.body), required: true } } : {}),
  }
}

/** The headers for repeats (Idempotency-Key), changes of a version (If-Match) and conditional reads (If-None-Match). */
function headersOf(stated: Operation): z.ZodObject | null {
  const shape: Record<string, z.ZodType> = {}
  if (stated.idempotent) shape['idempotency-key'] = z.string().optional()
  if (isVersioned(stated)) shape['if-match'] = z.string().optional()
  if (isVersioned(stated) && stated.mayCreate) shape['if-none-match'] = z.literal('*').optional()
  if (stated.conditional) shape['if-none-match'] = z.string().optional()
  return Object.keys(shape).length > 0 ? z.object(shape) : null
}

/** Whether a call has to state which version it changes. */
export function isVersioned(stated: Operation): boolean {
  return stated.versionedBy !== undefined && stated.method !== 'get' && !stated.idempotent
}

function contentOf(body: z.ZodType | FileContent) {
  if (!isFile(body)) return { 'application/json': { schema: body } }
  return { [body.file]: { schema: fileSchema(body) } }
}

function fileSchema({ file, example }: FileContent): z.ZodType {
  if (file !== 'text/csv') return z.string().meta({ format: 'binary' })
  return example === undefined ? z.string() : z.string().meta({ example })
}

const otherProblems = {
  default: { description: 'A problem (RFC 9457)', content: { 'application/problem+json': { schema: problem } } },
}

function responsesOf({ answer, conditional }: Operation, frame: RouteFrame): Record<string, object> {
  const { done = 'Done', isComplete } = frame
  const others = isComplete ? {} : otherProblems
  if ('nothing' in answer) return { 204: { description: done }, ...others }
  if ('redirect' in answer) return { 302: { description: 'Where the browser continues' } }
  const content =
    'events' in answer
      ? { 'text/event-stream': { schema: answer.events } }
      : contentOf(answer as z.ZodType | FileContent)
  return {
    200: { description: 'events' in answer ? 'A stream' : isFile(answer) ? 'A file' : done, content },
    ...(conditional ? { 304: { description: 'Nothing has changed' } } : {}),
    ...others,
  }
}

/** The problems that can refuse a request before its verb runs. */
function problemsOfContract(stated: Operation): ProblemKind[] {
  const kinds: ProblemKind[] = []
  // Any text can be broken: none may hold what cannot be stored (`requireStorable`).
  const isBreakable = [stated.params, stated.query].some((schema) => schema && Object.keys(schema.shape).length > 0)
  if (isBreakable || stated.body) kinds.push('contract-broken')
  if (stated.body) kinds.push('too-large')
  if (stated.body && !isFile(stated.body)) kinds.push('malformed')
  if (isVersioned(stated)) kinds.push('precondition-required', 'changed-meanwhile')
  if (stated.idempotent) kinds.push('conflict')
  return kinds
}
