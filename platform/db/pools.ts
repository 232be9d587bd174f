import { type Database, type DatabaseOptions, lazyDatabase, openDatabase } from './database.ts'

/** Pools of one database under their names. */
export interface OpenPools<Name extends string> {
  readonly pools: Readonly<Record<Name, Database>>
  close(): Promise<void>
}

/**
 * Opens several pools on one database, so that work of one kind cannot take the connections of another (FM36; OWASP ASVS 5.0, 13.1.2).
 * @param common options of all of them.
 */
export async function openPools<Name extends string>(
  url: string,
  wanted: Readonly<Record<Name, DatabaseOptions>>,
  common: DatabaseOptions = {},
): Promise<OpenPools<Name>> {
  await (await openDatabase(url, { ...common, poolSize: 1 })).close()
  const open = Object.entries<DatabaseOptions>(wanted).map(([name, options]) => ({
    name,
    ...lazyDatabase(url, { ...common, ...options }),
  }))
  return {
    pools: Object.fromEntries(open.map(({ name, db }) => [name, db])) as Record<Name, Database>,
    close: async () => void (await Promise.all(open.map((each) => each.close()))),
  }
}
