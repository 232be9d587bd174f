import type { Instant, LocalDate } from '@js-joda/core'
import { and, asc, between, desc, eq, inArray, lte } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { SubmissionKind, SubmittedSchedule } from '../../../schemas/market/submissions.ts'
import type { Page } from '../../../schemas/vocabulary/paging.ts'
import type { Direction } from '../../../schemas/vocabulary/units.ts'
import { afterCursor, type PageQuery, pageFrom } from '../../kit/index.ts'
import { type SubmittedRow, submittedSchedule } from './tables.ts'
import { viewSubmission } from './views.ts'

export interface SubmissionFilter {
  fuIds?: readonly string[]
  kinds?: readonly SubmissionKind[]
  direction?: Direction
  /** Only what had been submitted by then (FM17: an earlier decision can be reproduced from what it knew). */
  asOf?: Instant
}

/** The highest revision of each FU's schedules of each kind on a day, by FU and kind. */
export async function currentSubmissions(
  tx: Queryable,
  day: LocalDate,
  filter: SubmissionFilter,
): Promise<SubmittedRow[]> {
  return submissionsBetween(tx, day, day, filter)
}

/** The same for several days, inclusive, by FU, kind and day. */
export async function submissionsBetween(
  tx: Queryable,
  first: LocalDate,
  last: LocalDate,
  filter: SubmissionFilter,
): Promise<SubmittedRow[]> {
  if (filter.fuIds?.length === 0) return []
  return tx
    .selectDistinctOn([
      submittedSchedule.fuId,
      submittedSchedule.kind,
      submittedSchedule.direction,
      submittedSchedule.tradingDay,
    ])
    .from(submittedSchedule)
    .where(
      and(
        between(submittedSchedule.tradingDay, first, last),
        filter.fuIds ? inArray(submittedSchedule.fuId, [...filter.fuIds]) : undefined,
        filter.kinds ? inArray(submittedSchedule.kind, [...filter.kinds]) : undefined,
        filter.direction ? eq(submittedSchedule.direction, filter.direction) : undefined,
        filter.asOf ? lte(submittedSchedule.submittedAt, filter.asOf) : undefined,
      ),
    )
    .orderBy(
      ...[asc(submittedSchedule.fuId), asc(submittedSchedule.kind), asc(submittedSchedule.direction)],
      asc(submittedSchedule.tradingDay),
      desc(submittedSchedule.revision),
    )
}

/** Every accepted revision of FUs' schedules between two days, inclusive, in order of revision: each counts from its receipt. */
export async function submissionRevisions(
  tx: Queryable,
  first: LocalDate,
  last: LocalDate,
  { fuIds, kinds }: { fuIds: readonly string[]; kinds: readonly SubmissionKind[] },
): Promise<SubmittedRow[]> {
  if (fuIds.length === 0) return []
  return tx
    .select()
    .from(submittedSchedule)
    .where(
      and(
        between(submittedSchedule.tradingDay, first, last),
        inArray(submittedSchedule.fuId, [...fuIds]),
        inArray(submittedSchedule.kind, [...kinds]),
      ),
    )
    .orderBy(asc(submittedSchedule.revision))
}

/** A page of the same for one day. @param fuIds the FUs whose schedules are requested; `null` for all. */
export async function pageOfSubmissions(
  tx: Queryable,
  day: LocalDate,
  fuIds: readonly string[] | null,
  query: PageQuery,
): Promise<Page<SubmittedSchedule>> {
  if (fuIds?.length === 0) return { items: [], nextCursor: null }
  const { fuId, kind, direction, tradingDay, revision } = submittedSchedule
  const rows = await tx
    .selectDistinctOn([fuId, kind, direction])
    .from(submittedSchedule)
    .where(
      and(
        eq(tradingDay, day),
        fuIds ? inArray(fuId, [...fuIds]) : undefined,
        afterCursor(query, [fuId, kind, direction]),
      ),
    )
    .orderBy(asc(fuId), asc(kind), asc(direction), desc(revision))
    .limit(query.limit + 1)
  return pageFrom(rows, query, (row) => [row.fuId, row.kind, row.direction], viewSubmission)
}

/** One revision of a schedule, by default the highest; `undefined` if there is none. */
export async function findRevision(
  tx: Queryable,
  key: { fuId: string; day: LocalDate; kind: SubmissionKind; direction: Direction },
  revision?: number,
): Promise<SubmittedRow | undefined> {
  const [row] = await tx
    .select()
    .from(submittedSchedule)
    .where(
      and(
        eq(submittedSchedule.fuId, key.fuId),
        eq(submittedSchedule.tradingDay, key.day),
        eq(submittedSchedule.kind, key.kind),
        eq(submittedSchedule.direction, key.direction),
        revision === undefined ? undefined : eq(submittedSchedule.revision, revision),
      ),
    )
    .orderBy(desc(submittedSchedule.revision))
    .limit(1)
  return row
}
