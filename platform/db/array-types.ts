import type postgres from 'postgres'

/** How one element of an array is read and written; `null`s are the array's own business. */
interface Element {
  read(text: string): unknown
  write(value: unknown): string
}

const asText: Element = { read: (text) => text, write: String }
const asNumber: Element = { read: Number, write: String }
const asBoolean: Element = { read: (text) => text === 't', write: (value) => (value === true ? 't' : 'f') }
const asJson: Element = { read: (text) => JSON.parse(text), write: (value) => JSON.stringify(value) }

/** PostgreSQL's own numbers of its array types: they never change. bigint and numeric stay text, as single values of them do. */
const elements: readonly [name: string, oid: number, element: Element][] = [
  ['textArray', 1009, asText],
  ['varcharArray', 1015, asText],
  ['nameArray', 1003, asText],
  ['uuidArray', 2951, asText],
  ['bigintArray', 1016, asText],
  ['smallintArray', 1005, asNumber],
  ['integerArray', 1007, asNumber],
  ['oidArray', 1028, asNumber],
  ['realArray', 1021, asNumber],
  ['doubleArray', 1022, asNumber],
  ['booleanArray', 1000, asBoolean],
  ['jsonArray', 199, asJson],
  ['jsonbArray', 3807, asJson],
]

/**
 * Array types as postgres.js takes them. Left to itself it asks every new connection for PostgreSQL's array types; if the connection
 * breaks meanwhile, nothing awaits that question and its failure ends the process.
 */
export const arrayTypes: Record<string, postgres.PostgresType> = Object.fromEntries(
  elements.map(([name, oid, { read, write }]) => [
    name,
    {
      to: oid,
      from: [oid],
      serialize: (value: unknown) => (Array.isArray(value) ? textOf(value, write) : String(value)),
      parse: (text: string) => readArray(text, read),
    },
  ]),
)

function textOf(values: readonly unknown[], write: Element['write']): string {
  const each = values.map((value) => {
    if (value === null || value === undefined) return 'null'
    if (Array.isArray(value)) return textOf(value, write)
    return `"${write(value).replace(/[\\"]/g, '\\$&')}"`
  })
  return `{${each.join(',')}}`
}

/** Reads an array as PostgreSQL prints it: `{1,NULL,"a \"b\"",{…}}`, with its bounds before it where they do not start at 1. */
function readArray(text: string, read: Element['read']): unknown[] {
  let at = text.indexOf('{') + 1
  const quoted = () => {
    let value = ''
    for (at++; text[at] !== '"'; at++) {
      if (text[at] === '\\') at++
      value += text[at]
    }
    at++
    return read(value)
  }
  const plain = () => {
    const start = at
    while (text[at] !== ',' && text[at] !== '}') at++
    const value = text.slice(start, at)
    return value === 'NULL' ? null : read(value)
  }
  const rest = (): unknown[] => {
    const values: unknown[] = []
    while (text[at] !== '}') {
      if (text[at] === ',') at++
      if (text[at] === '{') {
        at++
        values.push(rest())
      } else values.push(text[at] === '"' ? quoted() : plain())
    }
    at++
    return values
  }
  return rest()
}
