import { join } from 'node:path'

/** What a server is started with. */
export interface ServerOrder {
  databaseUrl: string
  /** Where both servers have the key that secrets are sealed with. */
  folder: string
  /** The balancer's address. */
  publicUrl: string
}

/** Where the key is. */
export function keyFileIn(folder: string): string {
  return join(folder, 'key')
}
