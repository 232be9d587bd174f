import { inject } from 'vitest'
import { createDatabase, type Database, dropDatabase, openDatabase, urlOfDatabase } from '../../platform/db/index.ts'
import { atEnd } from './cleanup.ts'

let made = 0

/** A fresh, migrated database of the server or the FSP for the calling test file; dropped when the file is done. */
export async function createTestDatabase(owner: 'server' | 'fsp'): Promise<{ url: string; db: Database }> {
  const admin = inject('adminUrl')
  const template = inject('templates')[owner]
  const name = `${template}_${process.pid}_${++made}`
  await createDatabase(admin, name, template)
  const url = urlOfDatabase(admin, name)
  const { db, close } = await openDatabase(url, { poolSize: 8 })
  atEnd(async () => {
    await close()
    await dropDatabase(admin, name)
  })
  return { url, db }
}
