export { createApi, createRouter, fieldErrorsOf, readJson } from './api.ts'
export { ProblemError, type ProblemKind } from './problems.ts'
export { type Listener, listen, type NodeHandler } from './serve.ts'
