export { type Answered, NotModified, Reply } from './answers.ts'
export { createApi, createRouter, fieldErrorsOf, readJson } from './api.ts'
export { addressThrough, callerAddress, networkOf, type TrustedProxies, trustedProxiesOf } from './client-address.ts'
export { type Readiness, serveHealth } from './health.ts'
export { isInternalAddress, isLoopbackHost, specialRanges } from './internal-addresses.ts'
export { isVersioned, type RouteFrame, type RouteOptions, routeOf } from './operation-route.ts'
export { type Given, givenOf, serveOperation } from './operation-server.ts'
export {
  createOutboundFetch,
  ForbiddenAddress,
  fetchBounded,
  outboundUrlFault,
} from './outbound.ts'
export type { OutboundFetch, OutboundInit } from './outbound-fetch.ts'
export { fileAnswer, fileIn, pageHeaders, portalFiles } from './page-files.ts'
export { must, ProblemError, problemOf, refuse } from './problems.ts'
export { safetyHeaders } from './safety-headers.ts'
export { type Listener, listen, type NodeHandler } from './serve.ts'
export { type Spooled, type SpoolOptions, spool } from './spool.ts'
export { isStorable, requireStorable } from './storable.ts'
export { patternOf, traceMount, traceRequests } from './traced-requests.ts'
export { isPlainBeyondLoopback, transportFault } from './transport.ts'
export { isCurrent, knownTag, versionIn } from './versions.ts'
