import { join, normalize } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Plugin } from 'vite'
import { isFile, type Operation } from '../../schemas/vocabulary/operation.ts'

const schemas = join(import.meta.dirname, '..', '..', 'schemas')

/** The tables of operations that browsers call by, with what each exports: an operation, or a set of sets of them. */
const tables = [join(schemas, 'operations.ts'), join(schemas, 'fsp', 'operations.ts')]

/** What a client needs of an operation to call it. An answer in JSON is the server's own and is not checked again. */
function slim({ method, path, body, answer }: Operation): unknown {
  return {
    method,
    path,
    ...(isFile(body) ? { body: { file: body.file } } : {}),
    answer: isFile(answer) ? { file: answer.file } : 'nothing' in answer ? answer : { json: true },
  }
}

function isOperation(value: object): value is Operation {
  return 'method' in value && 'path' in value && 'answer' in value
}

/** An export of a table with its operations slimmed, however deep they stand. */
export function slimmed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (isOperation(value)) return slim(value)
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, slimmed(member)]))
}

/**
 * Of operations a browser gets method and path alone: their contracts, and zod to check them, were more than half of what a page loads
 * first. Types are those of the whole operations. A form that checks what is typed in imports its own contract, and brings that with it.
 */
export function slimOperations(): Plugin {
  return {
    name: 'slim-operations',
    enforce: 'pre',
    async load(id) {
      const path = normalize(id)
      if (!tables.includes(path)) return null
      const table: Record<string, unknown> = await import(pathToFileURL(path).href)
      const written = Object.entries(table)
        // Sets by group serve the server, which binds them.
        .filter(([name]) => name !== 'operationGroups')
        .map(([name, value]) => `export const ${name} = ${JSON.stringify(slimmed(value))}`)
      return { code: written.join('\n'), map: null }
    },
  }
}
