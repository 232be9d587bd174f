/** An error as it may be written to a log. */
export interface ErrorDescription {
  type: string
  message: string
  code?: string
  table?: string
  column?: string
  constraint?: string
  stack?: string
  cause?: unknown
  errors?: unknown[]
}

/** A chain of causes longer than this says nothing new, and may be a circle. */
const deepest = 8

/**
 * What a log may hold of an error: an allow-list. Drivers hang everything that they sent on their errors (drizzle: the query and its
 * parameters, in the message too; postgres.js: `query`, `parameters`, `args`, and PostgreSQL's `detail` and `where`, which quote rows), so
 * nothing else is copied. What is not an error is returned unchanged.
 */
export function describeError(error: unknown, depth = 0): ErrorDescription | unknown {
  if (!(error instanceof Error)) return error
  const has = error as unknown as Record<string, unknown>
  const texts = { code: has['code'], table: has['table_name'], column: has['column_name'] }
  const stated = Object.entries({ ...texts, constraint: has['constraint_name'] }).filter(([, v]) => isName(v))
  const { cause } = error
  const isInner = depth < deepest
  return {
    type: error.constructor.name || error.name,
    message: messageOf(error),
    ...Object.fromEntries(stated),
    stack: stackOf(error),
    ...(cause instanceof Error && isInner ? { cause: describeError(cause, depth + 1) } : {}),
    ...(error instanceof AggregateError && isInner
      ? { errors: error.errors.map((each) => describeError(each, depth + 1)) }
      : {}),
  }
}

const isName = (value: unknown) => typeof value === 'string' || typeof value === 'number'

/**
 * The message of whatever was thrown, without what a query was given: of a failed query, that of its cause. PostgreSQL's own messages quote
 * a value only where it is not of the type that it should be (class 22, data exceptions); there the value is left out.
 */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (isFailedQuery(error)) return error.cause ? `A query failed: ${messageOf(error.cause)}` : 'A query failed'
  return isDataException(error) ? error.message.replace(/"[\s\S]*"/, '"…"') : error.message
}

/** The stack of an error below its message as `messageOf` gives it: the message that V8 wrote into it may hold parameters. */
export function stackOf(error: Error): string {
  const { stack = '', message } = error
  const from = stack.indexOf(message)
  const places = (from < 0 ? stack : stack.slice(from + message.length))
    .split('\n')
    .filter((line) => /^ +at /.test(line))
  return [`${error.name}: ${messageOf(error)}`, ...places].join('\n')
}

/** drizzle's `DrizzleQueryError`, which is not exported by its driver's entry. */
function isFailedQuery(error: Error): boolean {
  return 'query' in error && 'params' in error && error.message.startsWith('Failed query')
}

function isDataException(error: Error): boolean {
  return 'severity' in error && 'code' in error && String(error.code).startsWith('22')
}
