export { gatewayDoor } from './door.ts'
export { Gateways, gatewaysFor } from './gateways.ts'
export { gatewayMessages } from './messages.ts'
