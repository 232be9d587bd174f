/** Answers a command of the central system. */
export type Handler = (params: never) => object
