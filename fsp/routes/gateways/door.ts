import type { IncomingMessage } from 'node:http'
import type { FspContext } from '../../app/context.ts'
import { type Credentials, type GatewayDoor, passwordIn, type RpcClient } from '../../chargepoints/index.ts'
import type { Gateways } from './gateways.ts'
import type { gatewayMessages } from './messages.ts'

const pathForm = /^\/routes\/([a-z0-9][a-z0-9-]{0,99})$/

/** Where gateways come in: by the port for charge points, with a password of their own. */
export function gatewayDoor(
  { log }: FspContext,
  parts: { gateways: Gateways; credentials: Credentials; messages: ReturnType<typeof gatewayMessages> },
): GatewayDoor {
  const { gateways, credentials, messages } = parts
  return {
    async judge({ url = '', headers }: IncomingMessage) {
      const gatewayId = pathForm.exec(url)?.[1]
      const password = gatewayId === undefined ? null : passwordIn(headers.authorization, gatewayId)
      const found = credentials.check(gatewayId ?? '', password)
      if (gatewayId === undefined || found === null || !gateways.isKnown(gatewayId)) return null
      if (found === 'next') await credentials.promote(gatewayId)
      return gatewayId
    },

    attach(gatewayId: string, client: RpcClient) {
      for (const action of messages.actions)
        client.handle(action, async ({ params }) => {
          const answer = await messages.take(gatewayId, action, params)
          if (answer) return answer
          log.warn({ gatewayId, action }, 'a message of a gateway cannot be used')
          throw new Error(`${action} cannot be used, or is of a charge point that ${gatewayId} does not serve`)
        })
      const gone = () => gateways.gone(gatewayId, client)
      client.on('disconnect', gone)
      client.on('close', gone)
      gateways.connected(gatewayId, client)
    },
  }
}
