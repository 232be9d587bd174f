/** Where a trace begins, in the identifiers of W3C Trace Context, in hexadecimal. */
export interface TracePlace {
  readonly traceId: string
  readonly spanId: string
}

/**
 * The trace of something with a UUID that two companies know: its identifier is the UUID, and that of its first span the UUID's second half. So
 * whoever handles it adds to one trace, hours later and after restarts too, and nobody stores or sends anything for it. `null` for what is no UUID.
 */
export function tracePlaceOf(id: string): TracePlace | null {
  const traceId = id.replaceAll('-', '').toLowerCase()
  const spanId = traceId.slice(16)
  return /^[0-9a-f]{32}$/.test(traceId) && !/^0+$/.test(spanId) ? { traceId, spanId } : null
}

/** The attributes by which spans of both companies name an instruction and an import limit. */
export const instructionAttribute = 'ringmain.instruction.id'
export const limitAttribute = 'ringmain.limit.id'
