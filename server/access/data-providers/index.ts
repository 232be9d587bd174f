import { asc, eq } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError, problemOf } from '../../../platform/http/index.ts'
import { type DataProvider, dataProviderOperations } from '../../../schemas/access/data-providers.ts'
import { brokenField } from '../../../schemas/vocabulary/outcome.ts'
import { bind, isCurrent, notCurrent, versionOfData } from '../../kit/index.ts'
import { dataProvider } from './tables.ts'

/** Companies that deliver data. */
export const dataProviders = bind(dataProviderOperations, {
  listDataProviders: ({ db }) => listDataProviders(db),

  async saveDataProvider({ db, params, body, version, audit }) {
    const { providerId } = params
    const [before] = await db.select().from(dataProvider).where(eq(dataProvider.providerId, providerId)).for('update')
    const now = before && versionOf(before)
    if (!isCurrent(version, now)) throw notCurrent(`data provider ${before?.name ?? providerId}`, now)
    const rows = await db.select().from(dataProvider).where(eq(dataProvider.name, body.name))
    if (rows.some((row) => row.providerId !== providerId))
      throw new ProblemError('conflict', `There is a data provider ${body.name} already: choose another name.`)
    const [saved] = await db
      .insert(dataProvider)
      .values({ providerId, ...body })
      .onConflictDoUpdate({ target: dataProvider.providerId, set: body })
      .returning()
    if (!saved) throw new Error('an upsert returned no row')
    audit({ action: 'data-provider.saved', subject: { type: 'data-provider', id: providerId }, detail: body })
    return viewOf(saved)
  },
})

export async function listDataProviders(db: Queryable): Promise<DataProvider[]> {
  return (await db.select().from(dataProvider).orderBy(asc(dataProvider.name))).map(viewOf)
}

type ProviderRow = typeof dataProvider.$inferSelect

function viewOf(row: ProviderRow): DataProvider {
  return { ...row, etag: versionOf(row) }
}

/** By which two people who change a provider notice each other (FM15); its identifier never changes. */
function versionOf(row: ProviderRow): string {
  return versionOfData(row)
}

/** Refuses a client or a feed of a data provider that is not there. */
export async function requireProvider(db: Queryable, providerId: string): Promise<DataProvider> {
  const [row] = await db.select().from(dataProvider).where(eq(dataProvider.providerId, providerId))
  if (!row) throw problemOf(brokenField('providerId', `is not a data provider: ${providerId}`))
  return viewOf(row)
}
