import { asc, eq } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError, problemOf } from '../../../platform/http/index.ts'
import type { DnoGroup, KnownArea } from '../../../schemas/grid/areas.ts'
import type { Country } from '../../../schemas/vocabulary/country.ts'
import { brokenField } from '../../../schemas/vocabulary/outcome.ts'
import { dnoGroup, licenceArea } from './tables.ts'

/** Codes of every licence area, in order. */
export async function areaCodes(db: Queryable): Promise<string[]> {
  const rows = await db.select({ code: licenceArea.code }).from(licenceArea).orderBy(asc(licenceArea.code))
  return rows.map(({ code }) => code)
}

/** Refuses a licence area that is not known, and names those that are. @param field where the caller stated it. */
export async function requireArea(db: Queryable, code: string, field = 'licenceArea'): Promise<void> {
  const [found] = await db.select().from(licenceArea).where(eq(licenceArea.code, code))
  if (found) return
  throw problemOf(brokenField(field, unknownArea(code, await areaCodes(db))))
}

/** Whose bank holidays hold in a licence area. */
export async function countryOf(db: Queryable, code: string): Promise<Country> {
  const [found] = await db.select({ country: licenceArea.country }).from(licenceArea).where(eq(licenceArea.code, code))
  return found?.country ?? 'ENG'
}

/** Why a licence area is refused. */
export function unknownArea(code: string, known: readonly string[]): string {
  return `is not a known licence area: ${code.slice(0, 40)}; known are ${known.join(', ')}`
}

/** DNO groups with their licence areas, each in order of code. */
export async function groupsWithAreas(db: Queryable): Promise<(DnoGroup & { areas: KnownArea[] })[]> {
  const groups = await db.select().from(dnoGroup).orderBy(asc(dnoGroup.code))
  const areas = await db.select().from(licenceArea).orderBy(asc(licenceArea.code))
  return groups.map((group) => ({
    ...viewGroup(group),
    areas: areas.filter(({ groupCode }) => groupCode === group.code).map(viewArea),
  }))
}

/** 404 if there is none. */
export async function readGroup(db: Queryable, code: string): Promise<DnoGroup> {
  const [row] = await db.select().from(dnoGroup).where(eq(dnoGroup.code, code))
  if (!row) throw new ProblemError('not-found', `There is no DNO group ${code}: see the list of areas.`)
  return viewGroup(row)
}

/** 404 if there is none. */
export async function readArea(db: Queryable, code: string): Promise<KnownArea> {
  const [row] = await db.select().from(licenceArea).where(eq(licenceArea.code, code))
  if (!row) throw new ProblemError('not-found', `There is no licence area ${code}: see the list of areas.`)
  return viewArea(row)
}

export function viewGroup({ code, name, revision }: typeof dnoGroup.$inferSelect): DnoGroup {
  return { code, name, etag: String(revision) }
}

export function viewArea({ code, name, groupCode, country, revision }: typeof licenceArea.$inferSelect): KnownArea {
  return { code, name, groupCode, country, etag: String(revision) }
}
