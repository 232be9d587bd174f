import { listening, TcpWire } from './tcp-wire.ts'

/** The way of one process to PostgreSQL. */
export class DatabaseWire extends TcpWire {
  /** Opens a way to the server of a database URL. */
  static async open(databaseUrl: string): Promise<DatabaseWire> {
    const { hostname, port } = new URL(databaseUrl)
    return new DatabaseWire(await listening(), { host: hostname, port: Number(port || 5432) })
  }

  /** The same database by this way. */
  urlOf(databaseUrl: string): string {
    const url = new URL(databaseUrl)
    url.hostname = '127.0.0.1'
    url.port = String(this.port)
    return url.toString()
  }
}
