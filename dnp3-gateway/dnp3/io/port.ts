/** The TCP and UDP port registered for DNP3. */
export const DNP3_PORT = 20_000
