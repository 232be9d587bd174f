import { operationGroups, type operations } from '../../schemas/operations.ts'
import type { Access } from '../../schemas/vocabulary/access.ts'
import type { Operation } from '../../schemas/vocabulary/operation.ts'
import { accessExtension } from '../../server/kit/index.ts'
import type { TestServer } from './server.ts'

/** An operation that a server serves, as its document has it. */
export interface ServedOperation {
  method: string
  path: string
  access: Access | undefined
}

/** The name of an operation of the DNO's API. */
export type OperationName = keyof typeof operations

/** Every operation of the DNO's API, by name. */
export const statedOperations = Object.values(operationGroups).flatMap((group: Record<string, Operation>) =>
  Object.entries(group),
) as readonly [OperationName, Operation][]

/** What a server's document says that it serves. */
export async function documentedOperations({ url }: TestServer): Promise<ServedOperation[]> {
  const document = (await (await fetch(new URL('/openapi.json', url))).json()) as {
    paths: Record<string, Record<string, Record<string, unknown>>>
  }
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]) => ({
      method: method.toUpperCase(),
      path,
      access: one[accessExtension] as Access | undefined,
    })),
  )
}
