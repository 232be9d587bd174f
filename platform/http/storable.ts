import type { FieldError } from '../../schemas/vocabulary/problem.ts'
import { fieldPath } from './field-path.ts'
import { ProblemError } from './problems.ts'

const message = 'contains a NUL character or half of a surrogate pair, which no database can store: remove it'

/** Most fields that one answer names. */
const most = 20

/**
 * Refuses text that PostgreSQL cannot store, naming the field: NUL (U+0000) and halves of surrogate pairs, which have no UTF-8 (OWASP ASVS
 * 5.0, 2.2.1 and 1.1.1). Every part of a request comes by here, once, whatever its schema says of its texts.
 */
export function requireStorable(value: unknown): void {
  const errors: FieldError[] = []
  findFaults(value, [], errors)
  const [first] = errors
  if (first) throw new ProblemError('contract-broken', `${first.field} ${message}.`, { errors })
}

/** Whether a text has neither NUL nor half of a surrogate pair. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}

/** Whether JSON may hold such a text: within JSON it can only be written as an escape. Much cheaper than to look at each value. */
export function mayHoldUnstorable(json: string): boolean {
  return /\\u(0000|d[89a-f])/i.test(json)
}

function findFaults(value: unknown, path: PropertyKey[], errors: FieldError[]): void {
  if (errors.length >= most) return
  if (typeof value === 'string') {
    if (!isStorable(value)) errors.push({ field: fieldPath(path), message })
  } else if (Array.isArray(value)) {
    for (const [index, each] of value.entries()) findFaults(each, [...path, index], errors)
  } else if (isPlain(value)) {
    for (const [key, each] of Object.entries(value)) {
      if (isStorable(key)) findFaults(each, [...path, key], errors)
      else errors.push({ field: fieldPath(path), message: `has a name that ${message}` })
    }
  }
}

/** Only plain objects are walked: what a schema made of a text, such as an instant, has no text of the caller's. */
function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
