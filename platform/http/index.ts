export { createApi, createRouter, fieldErrorsOf } from './api.ts'
export { ProblemError, type ProblemKind } from './problems.ts'
export { type Listener, listen, type NodeHandler } from './serve.ts'
