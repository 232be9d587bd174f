import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { passingDatabases } from '../../cli/system/databases.ts'
import { SystemClock } from '../../platform/clock/index.ts'
import { startServer } from '../../server/app/index.ts'
import type { ApiDocument, ApiDocuments } from './api-pages.ts'

/** The OpenAPI documents as a running server serves them, by the path at which it does. */
export async function fetchDocuments(serverUrl: string): Promise<ApiDocuments> {
  const read = async (path: string) => (await (await fetch(new URL(path, serverUrl))).json()) as ApiDocument
  const [whole, fsp, control] = [
    await read('/openapi.json'),
    await read('/openapi-fsp.json'),
    await read('/openapi-control.json'),
  ]
  return { whole, fsp, control }
}

/** The OpenAPI documents of a server that is started for them, on a database that is gone afterwards. */
export async function documentsOf(): Promise<ApiDocuments> {
  const databases = await passingDatabases()
  const folder = await mkdtemp(join(tmpdir(), 'ringmain-docs-'))
  try {
    const server = await startServer({
      databaseUrl: databases.serverUrl,
      host: '127.0.0.1',
      port: 0,
      role: 'api',
      environment: 'demo',
      clock: new SystemClock(() => undefined),
      secretKeyFile: join(folder, 'key'),
      log: pino({ level: 'silent' }),
      // The reference is of no installation.
      publicUrl: 'https://ringmain.example',
    })
    try {
      return await fetchDocuments(server.url)
    } finally {
      await server.close()
    }
  } finally {
    await databases.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
