import { type Database, type DatabaseOptions, openDatabase } from './database.ts'

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
  const opened = await Promise.allSettled(
    Object.entries<DatabaseOptions>(wanted).map(async ([name, options]) => ({
      name,
      ...(await openDatabase(url, { ...common, ...options })),
    })),
  )
  const open = opened.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
  const close = async () => void (await Promise.all(open.map((each) => each.close())))
  const failed = opened.find((each) => each.status === 'rejected')
  if (failed) {
    await close()
    throw failed.reason
  }
  return { pools: Object.fromEntries(open.map(({ name, db }) => [name, db])) as Record<Name, Database>, close }
}
