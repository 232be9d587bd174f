export { createApi, createRouter, fieldErrorsOf, readJson } from './api.ts'
export {
  createOutboundFetch,
  ForbiddenAddress,
  isInternalAddress,
  type OutboundFetch,
  outboundUrlFault,
} from './outbound.ts'
export { problemResponses } from './problem-responses.ts'
export { ProblemError, type ProblemKind } from './problems.ts'
export { type Listener, listen, type NodeHandler } from './serve.ts'
export { expectedVersion } from './versions.ts'
