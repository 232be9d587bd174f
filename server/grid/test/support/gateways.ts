import { randomUUID } from 'node:crypto'
import type { Client } from '../../../../test/support/client.ts'
import type { TestServer } from '../../../../test/support/server.ts'
import { saveClient } from '../../../access/index.ts'

/** A gateway that calls the server. */
export type TestGateway = Pick<Client, 'ask' | 'send'>

/** Gateways of a server by name, each with an access token; one that is new is registered with its first call. */
export function gatewaysOf({ context, tokenClient }: TestServer): (gatewayId: string) => TestGateway {
  const known = new Map<string, Promise<Client>>()
  const register = async (gatewayId: string) => {
    const secret = randomUUID()
    await saveClient(context.db, {
      clientId: gatewayId,
      kind: 'gateway',
      subjectId: gatewayId,
      scopes: ['gateway'],
      active: true,
      authentication: { method: 'client_secret_basic', secret },
    })
    return tokenClient(gatewayId, secret, 'gateway')
  }
  const clientOf = (gatewayId: string) => {
    const client = known.get(gatewayId) ?? register(gatewayId)
    known.set(gatewayId, client)
    return client
  }
  return (gatewayId) => ({
    ask: async (...call) => (await clientOf(gatewayId)).ask(...call),
    send: async (...call) => (await clientOf(gatewayId)).send(...call),
  })
}
