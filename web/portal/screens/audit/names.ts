import { useQueries } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { AuditEntry } from '../../../../schemas/access/audit.ts'
import { type NamedKind, namedKinds } from '../../../../schemas/portal/portal.ts'
import { namesQuery } from '../../name-queries.ts'

/** What an entry is about. */
export type AuditSubject = Pick<AuditEntry, 'subjectType' | 'subjectId'>

/** The name of what an entry is about, as far as it is known. */
export type NameOf = (subject: AuditSubject) => string | null

/** Identifiers asked for at once, as many as one address holds. */
const atOnce = 100

/** The names of what entries are about: one request for each kind and hundred things. */
export function useNames(subjects: readonly AuditSubject[]): NameOf {
  const asked = requestsFor(subjects)
  const names = useQueries({
    queries: asked.map(({ kind, ids }) => namesQuery(kind, ids)),
    // Plain data, so that it stays the same object until a name has come.
    combine: (answers) =>
      Object.fromEntries(
        answers.flatMap(({ data = {} }, i) =>
          Object.entries(data).map(([id, name]) => [`${asked[i]?.kind} ${id}`, name] as const),
        ),
      ),
  })
  return useCallback(({ subjectType, subjectId }) => names[`${subjectType} ${subjectId}`] ?? null, [names])
}

/** The things of each kind that has names, each once, in parts of what is asked for at once. A comma is in no identifier that has one. */
export function requestsFor(subjects: readonly AuditSubject[]): { kind: NamedKind; ids: string[] }[] {
  return namedKinds.flatMap((kind) => {
    const own = subjects.filter(({ subjectType, subjectId }) => subjectType === kind && isAskable(subjectId))
    const ids = [...new Set(own.map(({ subjectId }) => subjectId))]
    return Array.from({ length: Math.ceil(ids.length / atOnce) }, (_, part) => ({
      kind,
      ids: ids.slice(part * atOnce, (part + 1) * atOnce),
    }))
  })
}

function isAskable(id: string): boolean {
  return id !== '' && id.length <= 200 && !id.includes(',')
}
