import { channel } from 'node:diagnostics_channel'

/**
 * Every statement that goes to a database, as text without its parameters. Only pools that are opened while somebody subscribes publish here: a
 * running server pays nothing.
 */
export const sentStatements = channel('ringmain.sent-statements')

/** The option of postgres.js that publishes them; empty when nobody listens. */
export function listenedTo(): { debug?: (connection: number, statement: string) => void } {
  if (!sentStatements.hasSubscribers) return {}
  return { debug: (_, statement) => sentStatements.publish(statement) }
}
